"""Turn taking, window by window: what is told, what is silenced, what goes on."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from pipecat.frames.frames import Frame, InterimTranscriptionFrame, InterruptionFrame, TranscriptionFrame
from pipecat.processors.frame_processor import FrameDirection

from tests.voice_node.processors.lines import WORDS, Line
from voice_node.frames import CallerTurnFrame
from voice_node.turns.endings import Expected
from voice_node.turns.taking import TurnListeners, TurnTaking
from voice_node.turns.voice_activity import WINDOW_SECONDS, Sound


@dataclass
class Judge:
    """A model whose verdict is known beforehand."""

    verdict: float | None = 0.95

    async def probability(self, pcm: bytes, *, again: bool = False) -> float | None:
        return self.verdict


@dataclass
class Ears:
    """Turn taking over a line, and a caller who makes sounds; time goes by a window at a time."""

    line: Line = field(default_factory=Line)
    judge: Judge = field(default_factory=Judge)
    expected: Expected = Expected.ANYTHING
    turns: list[CallerTurnFrame] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)
    went_on: int = 0
    finished: int = 0
    final: str = ""

    def __post_init__(self) -> None:
        async def finish() -> None:
            self.finished += 1
            if self.final:
                await self.recognise(self.final)

        def goes_on() -> None:
            self.went_on += 1

        self.taking = TurnTaking(
            playout=self.line.playout,
            gate=self.line.gate,
            now=lambda: self.line.at,
            model=self.judge,  # type: ignore[arg-type]
            expected=lambda: self.expected,
            listeners=TurnListeners(
                words=lambda *_: None, may_be_over=self.guesses.append, goes_on=goes_on, finish=finish
            ),
        )

        async def push(frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
            if isinstance(frame, CallerTurnFrame):
                self.turns.append(frame)

        async def interrupt() -> None:
            self.line.playout.clear()
            await self.line.give(InterruptionFrame())

        def at_once(work: Any, name: str = "") -> None:
            try:
                work.send(None)
            except StopIteration:
                return

        parts = {"push_frame": push, "broadcast_interruption": interrupt, "create_task": at_once}
        for name, part in parts.items():
            object.__setattr__(self.taking, name, part)

    async def recognise(self, text: str, *, is_final: bool = True) -> None:
        kind = TranscriptionFrame if is_final else InterimTranscriptionFrame
        frame = kind(text=text, user_id="caller", timestamp="")
        await self.taking.process_frame(frame, FrameDirection.DOWNSTREAM)

    async def speak(self, seconds: float, text: str = "") -> None:
        """Make a sound, recognised as ``text`` at its end."""
        await self._window(Sound.RESUMED if self.taking._turn and not self.finished else Sound.STARTED)
        for _ in range(round(seconds / WINDOW_SECONDS) - 1):
            await self._window(Sound.TALKING)
        if text:
            await self.recognise(text, is_final=False)
            self.final = text

    async def pause(self, seconds: float) -> None:
        for _ in range(round(seconds / WINDOW_SECONDS)):
            await self._window(Sound.QUIET)

    async def _window(self, sound: Sound) -> None:
        self.line.at += WINDOW_SECONDS
        await self.taking.sound(sound)

    async def hear_us(self, text: str = WORDS, **kind: bool) -> Any:
        """The agent has been speaking for a second, with three to go."""
        utterance = self.line.playout.add(text, turn=1, **kind)
        await self.line.say(utterance)
        self.line.at += 1.0
        return utterance

    @property
    def texts(self) -> list[str]:
        return [turn.text for turn in self.turns if turn.wants_answer]


async def test_a_turn_ends_once_its_pause_is_long_enough() -> None:
    it = Ears()
    await it.speak(1.0, "that sounds good")
    await it.pause(0.1)
    assert it.texts == []
    await it.pause(0.15)

    assert it.texts == ["that sounds good"]
    assert it.turns[0].ended == pytest.approx(1.0, abs=0.05)


async def test_half_a_sentence_is_waited_for() -> None:
    it = Ears()
    await it.speak(1.0, "I would like to")
    await it.pause(0.9)
    assert it.texts == []

    it.final = "talk to my husband"
    await it.speak(1.0)
    await it.pause(0.3)

    assert it.texts == ["I would like to talk to my husband"]


async def test_likely_last_words_are_told_early_and_taken_back_when_the_caller_goes_on() -> None:
    it = Ears(judge=Judge(0.1))
    await it.speak(1.0, "we want to sell")
    await it.pause(0.096)
    assert it.guesses == ["we want to sell"]
    assert it.texts == []

    await it.speak(0.5, "we want to sell in june")
    await it.pause(1.0)

    assert it.went_on == 1
    assert it.guesses == ["we want to sell", "we want to sell in june"]


async def test_words_that_are_heard_without_a_voice_make_a_turn() -> None:
    it = Ears()
    await it.recognise("softly spoken")
    await it.pause(0.6)

    assert it.texts == ["softly spoken"]


async def test_a_final_text_that_comes_too_late_does_not_cut_our_answer_short() -> None:
    it = Ears()
    await it.speak(1.0, "that sounds good")
    it.final = ""
    await it.pause(1.5)
    assert it.texts == ["that sounds good"]
    answer = await it.hear_us()

    await it.recognise("That sounds good.")
    await it.pause(1.0)

    assert it.line.clears == 0
    assert answer.ended_at is None
    assert it.texts == ["that sounds good"]


@pytest.mark.parametrize("verdict", [None, 0.05])
async def test_no_verdict_and_a_wrong_one_only_cost_time(verdict: float | None) -> None:
    it = Ears(judge=Judge(verdict))
    await it.speak(1.0, "that sounds good")
    await it.pause(1.0)

    assert it.texts == ["that sounds good"]


async def test_a_sound_over_us_silences_us_at_once() -> None:
    it = Ears()
    await it.hear_us()

    await it.speak(WINDOW_SECONDS)

    assert it.line.clears == 1
    assert it.line.gate.is_holding


@pytest.mark.parametrize("text", ["mm-hm", "yeah", "okay", ""])
async def test_after_a_listening_noise_we_go_on_at_the_unheard_word(text: str) -> None:
    it = Ears()
    utterance = await it.hear_us()
    await it.speak(0.4, text)
    await it.pause(0.4)

    rest = utterance.continued_by
    assert rest is not None
    assert f"{utterance.heard} {rest.text}" == WORDS
    await it.pause(2.0)
    assert it.texts in ([], [""])
    assert it.line.clears == 1


async def test_noise_that_does_not_stop_is_spoken_over() -> None:
    it = Ears()
    utterance = await it.hear_us()
    await it.speak(1.3)

    assert utterance.continued_by is not None
    assert it.line.clears == 1
    assert it.taking.caller_is_speaking
    await it.pause(0.1)
    await it.speak(2.0)

    assert it.line.clears == 1
    assert not it.taking.caller_is_speaking


async def test_words_of_their_own_take_the_floor_as_soon_as_they_are_recognised() -> None:
    it = Ears()
    utterance = await it.hear_us()
    await it.speak(0.4, "wait a minute")

    assert not it.line.gate.is_holding
    assert it.line.playout.is_silent
    assert utterance.continued_by is None
    assert 0 < len(utterance.heard.split()) < 10


async def test_words_of_their_own_take_the_floor_even_after_we_went_on() -> None:
    it = Ears()
    utterance = await it.hear_us()
    await it.speak(0.4)
    await it.pause(0.4)
    assert utterance.continued_by is not None

    await it.recognise("no that is wrong")

    assert it.line.playout.is_silent
    await it.pause(0.3)
    assert it.texts == ["no that is wrong"]


async def test_yes_into_our_last_words_answers_them() -> None:
    it = Ears()
    utterance = await it.hear_us("Is that right for you?")
    it.line.at += 2.0
    await it.speak(0.4, "yeah")
    await it.pause(0.5)

    assert utterance.continued_by is None
    assert it.texts == ["yeah"]


async def test_the_opening_is_never_cut_short() -> None:
    it = Ears()
    await it.hear_us(is_protected=True)
    await it.speak(0.6, "hello who is this")
    await it.pause(0.5)

    assert it.line.clears == 0
    assert it.texts == ["hello who is this"]


async def test_when_both_begin_at_once_and_they_stop_we_go_on() -> None:
    it = Ears()
    utterance = it.line.playout.add(WORDS, turn=1)
    await it.line.say(utterance)
    await it.speak(0.2, "I")
    await it.pause(2.0)

    assert utterance.continued_by is not None
    assert utterance.continued_by.text == WORDS
    assert it.texts == []


async def test_when_both_begin_at_once_and_they_go_on_they_have_the_floor() -> None:
    it = Ears()
    utterance = it.line.playout.add(WORDS, turn=1)
    await it.line.say(utterance)
    await it.speak(1.0, "I would rather talk tomorrow")
    await it.pause(0.4)

    assert utterance.continued_by is None
    assert it.texts == ["I would rather talk tomorrow"]


async def test_nothing_is_prepared_for_a_listening_noise() -> None:
    it = Ears()
    await it.hear_us()
    await it.speak(0.4, "yeah")
    await it.pause(1.0)

    assert it.guesses == []
