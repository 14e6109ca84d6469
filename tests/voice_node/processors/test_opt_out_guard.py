"""The guard hears a no, and only a no."""

import pytest
from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.frames.frames import Frame, InputDTMFFrame, InterimTranscriptionFrame, TranscriptionFrame
from pipecat.tests.utils import run_test

from shared.conversation.guards import is_opt_out
from voice_node.processors.opt_out_guard import OptOutGuard


def said(text: str) -> TranscriptionFrame:
    return TranscriptionFrame(text=text, user_id="caller", timestamp="", finalized=True)


def guessed(text: str) -> InterimTranscriptionFrame:
    return InterimTranscriptionFrame(text=text, user_id="caller", timestamp="")


async def noted_of(*frames: Frame, passed: list[type]) -> list[str]:
    """What the guard had recorded after these frames; ``passed`` is what it let through."""
    noted: list[str] = []

    async def note(words: str) -> None:
        noted.append(words)

    await run_test(
        OptOutGuard(is_opt_out=is_opt_out, on_opt_out=note), frames_to_send=list(frames), expected_down_frames=passed
    )
    return noted


async def test_a_spoken_stop_is_recorded_and_goes_no_further() -> None:
    assert await noted_of(said("please stop calling me"), passed=[]) == ["please stop calling me"]


async def test_key_nine_is_recorded() -> None:
    assert await noted_of(InputDTMFFrame(KeypadEntry.NINE), passed=[]) == ["pressed 9"]


async def test_nothing_is_heard_after_it() -> None:
    frames = (said("stop calling me"), said("hello?"), InputDTMFFrame(KeypadEntry.NINE))

    assert await noted_of(*frames, passed=[]) == ["stop calling me"]


async def test_one_interim_guess_is_not_enough_and_two_are() -> None:
    once = (guessed("stop calling"), guessed("stop calling on"), said("top selling agents"))

    assert (
        await noted_of(
            guessed("stop calling me"), said("drop falling"), passed=[InterimTranscriptionFrame, TranscriptionFrame]
        )
        == []
    )
    assert await noted_of(*once, passed=[InterimTranscriptionFrame]) == ["stop calling on"]


@pytest.mark.parametrize("frame", [said("yes, call me on Tuesday"), InputDTMFFrame(KeypadEntry.ONE)])
async def test_ordinary_talk_and_other_keys_pass(frame: Frame) -> None:
    assert await noted_of(frame, passed=[type(frame)]) == []
