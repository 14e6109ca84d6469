"""What a call owes its speech engines."""

from decimal import Decimal

from shared.conversation import Stage
from shared.conversation.voice_tier import TierFacts, TierRule, decide_tier
from shared.costs import Component
from shared.kernel.money import Money
from voice_node.observers.usage import UsageMeter

RULE = TierRule(
    appointment_value=Money.usd("25"), uplift=Decimal("0.05"), call_budget=Money.usd("1"), hold_out=Decimal(0)
)


def facts(*, turn: int, score: int) -> TierFacts:
    return TierFacts(
        turn=turn, stage=Stage.SCHEDULING, score=score, seconds_left=200.0, spent=Money(0), characters_left=None,
        thousand_price=Money.usd("0.05"), is_held_out=False, is_ready=True,
    )  # fmt: skip


async def test_each_recogniser_that_heard_a_part_is_owed_for_it() -> None:
    usage = UsageMeter()
    for seconds, vendor in ((1.5, "deepgram_nova"), (2.0, "pocketsphinx"), (0.25, "deepgram_nova")):
        await usage.recognised(seconds, vendor)
    told = usage.total(stream_seconds=60, speech_to_text="deepgram_nova", text_to_speech="espeak")
    heard = {each.vendor: each.quantity for each in told if each.component is Component.SPEECH_TO_TEXT}
    assert heard == {"deepgram_nova": Decimal("1.75"), "pocketsphinx": Decimal("2.0")}


def test_a_turn_whose_voice_is_chosen_again_counts_once() -> None:
    usage = UsageMeter()
    for turn, score in ((1, 20), (2, 20), (2, 90)):
        usage.decided(decide_tier(facts(turn=turn, score=score), RULE))
    assert [(each.turn, each.score) for each in usage.voice_tiers] == [(1, 20), (2, 90)]


def test_a_silent_call_owes_nothing_for_words() -> None:
    told = UsageMeter().total(stream_seconds=60, speech_to_text="whisper", text_to_speech="espeak")
    heard = [(each.vendor, each.quantity) for each in told if each.component is Component.SPEECH_TO_TEXT]
    assert heard == [("whisper", Decimal("0.0"))]
