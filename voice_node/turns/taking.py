"""Whose turn it is: where the caller's turns begin and end, and what becomes of our words when they speak over us."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pipecat.frames.frames import (
    Frame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voice_node.frames import CallerTurnFrame
from voice_node.processors.speech_gate import SpeechGate
from voice_node.turns.end_of_turn import LONGEST_BYTES, EndOfTurnModel
from voice_node.turns.endings import Expected, words_of
from voice_node.turns.floor import Floor
from voice_node.turns.open_turn import OpenTurn
from voice_node.turns.playout import Playout
from voice_node.turns.voice_activity import SAMPLE_RATE_HZ, Sound

PRE_ROLL_BYTES = SAMPLE_RATE_HZ  # half a second of 16-bit samples


@dataclass(frozen=True, kw_only=True)
class TurnListeners:
    """Who is told what of the caller's turn, as it goes.

    ``words`` gets every transcript and whether it is final; ``may_be_over`` the words that are likely the last;
    ``goes_on`` hears that they were not; ``finish`` makes the recogniser finish what it has heard.
    """

    words: Callable[[str, bool], None]
    may_be_over: Callable[[str], None]
    goes_on: Callable[[], None]
    finish: Callable[[], Awaitable[None]]


class TurnTaking(FrameProcessor):
    """Sits between speech-to-text and the conversation, and hears of every window of sound before speech-to-text does.

    Takes in: transcripts. Gives out one ``CallerTurnFrame`` per turn that asks for an answer, and an interruption when
    the caller takes the floor from us. Transcripts end here.
    """

    def __init__(
        self,
        *,
        playout: Playout,
        gate: SpeechGate,
        now: Callable[[], float],
        model: EndOfTurnModel,
        expected: Callable[[], Expected],
        listeners: TurnListeners,
    ) -> None:
        """Initialize the processor.

        Args:
            playout: The ledger of the agent's speech.
            gate: What silences it.
            now: Seconds since the stream began.
            model: The judge of pauses.
            expected: What kind of answer the last question asks for.
            listeners: Who is told what.
        """
        super().__init__()
        self._gate = gate
        self._now = now
        self._model = model
        self._expected = expected
        self._tell = listeners
        self._floor = Floor(gate=gate, playout=playout, on_taken=self._take_floor)
        self._turn: OpenTurn | None = None
        self._taken_as_final: tuple[str, ...] = ()
        self._sound = bytearray()
        self.last_sound_at = 0.0

    @property
    def caller_is_speaking(self) -> bool:
        """Whether a turn of the caller is open; a long sound without words is none."""
        return self._turn is not None and not self._floor.is_noise

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Take the transcripts; pass the rest on."""
        await super().process_frame(frame, direction)
        if isinstance(frame, TranscriptionFrame | InterimTranscriptionFrame):
            await self._words(frame.text, is_final=isinstance(frame, TranscriptionFrame))
        else:
            await self.push_frame(frame, direction)

    def hear(self, pcm: bytes) -> None:
        """Keep the sound of the turn, which the model will want: 16-bit mono at 8,000 Hz."""
        self._sound += pcm
        most = LONGEST_BYTES if self._turn is not None else PRE_ROLL_BYTES
        if len(self._sound) > most + PRE_ROLL_BYTES:
            del self._sound[:-most]

    async def sound(self, sound: Sound) -> None:
        """A window of sound went by."""
        turn = self._turn
        match sound:
            case Sound.STARTED | Sound.RESUMED:
                await self._goes_on()
            case Sound.TALKING if turn is not None:
                await self._floor.talking(turn)
            case Sound.QUIET if turn is not None:
                turn.quiet()
                await self._floor.quiet(turn)
                await self._judge(turn)

    async def _goes_on(self) -> None:
        if self._turn is None:
            self._floor.turn_begins()
            await self._floor.sound()
            await self._begin(has_voice=True)
        else:
            await self._floor.sound()
            self._turn.goes_on()
            self._tell.goes_on()

    async def _begin(self, *, has_voice: bool) -> OpenTurn:
        self._turn = OpenTurn(self._now(), expected=self._expected(), has_voice=has_voice)
        await self.push_frame(UserStartedSpeakingFrame())
        return self._turn

    async def _words(self, text: str, *, is_final: bool) -> None:
        """What is recognised when nobody was heard speaking is a turn all the same: somebody spoke softly.

        A final text that comes after its turn was ended without it says nothing new.
        """
        self._tell.words(text, is_final)
        self.last_sound_at = self._now()
        if self._turn is None:
            if words_of(text) == self._taken_as_final:
                return
            self._floor.turn_begins()
        turn = self._turn or await self._begin(has_voice=False)
        turn.words(text, is_final=is_final)
        await self._floor.words(turn)
        await self._judge(turn)

    async def _judge(self, turn: OpenTurn) -> None:
        """See whether the pause is long enough for anything."""
        if turn.wants_verdict():
            self.create_task(self._look(turn, bytes(self._sound)), "look")
        if not turn.is_backchannel and not self._gate.is_holding and (text := turn.likely_text()) is not None:
            self._tell.may_be_over(text)
        if turn.wants_stop():
            await self._tell.finish()
        if turn.is_over and turn is self._turn:
            await self._over(turn)

    async def _look(self, turn: OpenTurn, sound: bytes) -> None:
        asked_after = turn.pauses
        probability = await self._model.probability(sound, again=turn.looks > 1)
        if turn is self._turn and turn.pauses == asked_after and probability is not None:
            turn.sounds_over(probability)
            await self._judge(turn)

    async def _over(self, turn: OpenTurn) -> None:
        self._turn = None
        self._taken_as_final = () if turn.is_final else words_of(turn.text)
        self.last_sound_at = self._now()
        wants_answer = await self._floor.turn_over(turn)
        ended = max(self._now() - turn.silent_seconds, turn.started)
        await self.push_frame(UserStoppedSpeakingFrame())
        await self.push_frame(
            CallerTurnFrame(text=turn.text, started=turn.started, ended=ended, wants_answer=wants_answer)
        )

    async def _take_floor(self) -> None:
        """The caller has words of their own: nothing more of ours is said."""
        await self.push_frame(UserStartedSpeakingFrame())
        await self.broadcast_interruption()  # type: ignore[no-untyped-call]
