"""The voice changes between turns only, and finds its connection made."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import httpx
import pytest

from infra.simulator.elevenlabs import Account, Behaviour, running_elevenlabs
from shared.conversation import Stage
from shared.conversation.voice_tier import TierDecision, TierFacts, TierReason, TierRule, decide_tier
from shared.kernel.errors import Unavailable
from shared.kernel.money import Money
from tests.voice_node.speech.synthesis.voices import WordByWord, spoken
from voice_node.speech.synthesis.cover import Cover
from voice_node.speech.synthesis.elevenlabs.account import ElevenLabsAccount
from voice_node.speech.synthesis.elevenlabs.quota import QuotaWatch
from voice_node.speech.synthesis.tiers import TieredVoice
from voice_node.speech.voice import Voice

AVA = Voice(name="en-us+f2")
RULE = TierRule(
    appointment_value=Money.usd("25"), uplift=Decimal("0.05"), call_budget=Money.usd("1"), hold_out=Decimal(0)
)
HOT = TierFacts(
    turn=0, stage=Stage.SCHEDULING, score=90, seconds_left=200.0, spent=Money(0), characters_left=None,
    thousand_price=Money.usd("0.05"), is_held_out=False, is_ready=True,
)  # fmt: skip


class Line:
    """A call's two voices, and what decides between them."""

    def __init__(self, *, warm_fails: bool = False) -> None:
        self.facts = HOT
        self.cover = Cover(lambda: 0.0)
        self.local, self.premium = WordByWord(name="local"), WordByWord(name="premium")
        self.decided: list[TierDecision] = []
        self.warmed = asyncio.Event()
        self._warm_fails = warm_fails
        self.voice = TieredVoice(
            local=self.local,
            premium=self.premium,
            decide=lambda turn: decide_tier(replace(self.facts, turn=turn), RULE),
            record=self.decided.append,
            warm=self._warm,
            cover=self.cover,
        )

    async def _warm(self) -> None:
        self.warmed.set()
        if self._warm_fails:
            raise Unavailable("away")
        self.facts = replace(self.facts, is_ready=True)


async def test_the_voice_stays_within_a_turn_and_changes_at_the_next() -> None:
    line = Line()
    line.facts = replace(HOT, score=0)
    line.voice.begin_turn(1)
    await spoken(line.voice.synthesise("One.", AVA))
    line.facts = HOT
    await spoken(line.voice.synthesise("Two.", AVA))
    line.voice.begin_turn(2)
    await spoken(line.voice.synthesise("Three.", AVA))
    assert (line.local.asked, line.premium.asked) == (["One.", "Two."], ["Three."])
    assert [(each.turn, each.reason) for each in line.decided] == [
        (1, TierReason.NOT_WORTH_IT),
        (2, TierReason.WORTH_IT),
    ]


async def test_of_the_turn_before_nothing_is_taken_to_be_heard_still() -> None:
    line = Line()
    line.cover.add(bytes(16_000))
    line.voice.begin_turn(1)
    assert line.cover.seconds == 0


async def test_a_voice_that_is_not_connected_is_connected_behind_the_turn() -> None:
    line = Line()
    line.facts = replace(HOT, is_ready=False)
    line.voice.begin_turn(1)
    await spoken(line.voice.synthesise("One.", AVA))
    await line.warmed.wait()
    line.voice.begin_turn(2)
    await spoken(line.voice.synthesise("Two.", AVA))
    assert (line.local.asked, line.premium.asked) == (["One."], ["Two."])


async def test_a_voice_that_cannot_be_connected_leaves_the_local_one() -> None:
    line = Line(warm_fails=True)
    line.facts = replace(HOT, is_ready=False)
    for turn in (1, 2):
        line.voice.begin_turn(turn)
        await line.warmed.wait()
        await spoken(line.voice.synthesise("One.", AVA))
    assert line.premium.asked == []


@pytest.fixture
async def account() -> AsyncIterator[tuple[Account, QuotaWatch]]:
    kept = Account(characters_used=99_000)
    async with (
        running_elevenlabs(kept, Behaviour()) as url,
        httpx.AsyncClient(base_url=url, headers={"xi-api-key": "a key of the stand-in"}) as client,
    ):
        yield kept, QuotaWatch(ElevenLabsAccount(client))


async def test_the_quota_is_asked_and_counted_down(account: tuple[Account, QuotaWatch]) -> None:
    kept, watch = account
    watch.spent(10)
    assert watch.left is None
    await watch.look()
    watch.spent(300)
    assert watch.left == 700
    kept.api_key = "another"
    await watch.look()
    assert watch.left == 0
