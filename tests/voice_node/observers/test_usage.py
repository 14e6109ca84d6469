"""What a call owes its speech engines."""

from decimal import Decimal

from shared.costs import Component
from voice_node.observers.usage import UsageMeter


async def test_each_recogniser_that_heard_a_part_is_owed_for_it() -> None:
    usage = UsageMeter()
    for seconds, vendor in ((1.5, "deepgram_nova"), (2.0, "pocketsphinx"), (0.25, "deepgram_nova")):
        await usage.recognised(seconds, vendor)
    told = usage.total(stream_seconds=60, speech_to_text="deepgram_nova", text_to_speech="espeak")
    heard = {each.vendor: each.quantity for each in told if each.component is Component.SPEECH_TO_TEXT}
    assert heard == {"deepgram_nova": Decimal("1.75"), "pocketsphinx": Decimal("2.0")}


def test_a_silent_call_owes_nothing_for_words() -> None:
    told = UsageMeter().total(stream_seconds=60, speech_to_text="whisper", text_to_speech="espeak")
    heard = [(each.vendor, each.quantity) for each in told if each.component is Component.SPEECH_TO_TEXT]
    assert heard == [("whisper", Decimal("0.0"))]
