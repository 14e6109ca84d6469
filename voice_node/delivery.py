"""How an answer is said: its lines in order, as they are worded, and again what was cut short by nothing."""

from shared.conversation import CallBrief, Move
from voice_node.cast import Voices
from voice_node.turns.eager import EagerReply
from voice_node.turns.playout import Utterance, all_unnoticed


class Delivery:
    """Says the answers of one call. ``said`` are the utterances of the present one, ``turn`` is its number."""

    def __init__(self, brief: CallBrief, voices: Voices) -> None:
        self._brief = brief
        self._mouth = voices.mouth
        self._brain = voices.brain
        self._playout = voices.playout
        self.turn = 0
        self.said: list[Utterance] = []

    @property
    def went_unnoticed(self) -> bool:
        """Whether the caller took the floor back before they could take in any of the answer."""
        return all_unnoticed(self.said)

    def begin(self) -> None:
        """What is said from now on is another answer."""
        self.turn += 1
        self.said = []

    async def ready(self, text: str, audio: bytes) -> None:
        """Say what was rendered before, or have it spoken where it was not; it is never cut short."""
        if audio:
            await self._mouth.play(audio, text=text, turn=self.turn)
        else:
            await self._mouth.say(text, turn=self.turn, is_protected=True)

    async def again(self, decided_at: float) -> None:
        """Something cut the agent short and was no words: say what was not heard of it."""
        unheard = [each for each in self.said if each.was_interrupted and each.continued_by is None]
        self.said = []
        if self._playout.is_silent:
            for utterance in unheard:
                self.said.append(await self._mouth.say(utterance.text, turn=utterance.turn, decided_at=decided_at))

    async def move(
        self, move: Move, heard: str, *, is_protected: bool, decided_at: float | None, prepared: EagerReply | None
    ) -> None:
        """Say the lines of a move, unless the caller takes the floor while they are still being worded.

        Args:
            move: What was decided.
            heard: What the caller said before.
            is_protected: Whether it is said to its end, whoever speaks.
            decided_at: When the caller's turn that it answers had ended, in seconds since the stream began.
            prepared: Its words as far as they were prepared.
        """
        if move.says_opening:
            await self.ready(self._brief.opening_text, self._brief.opening_audio)
        if move.leaves_message:
            await self.ready(self._brief.voicemail_text, self._brief.voicemail_audio)
        self._playout.more_comes = not is_protected
        try:
            await self._lines(move, heard, is_protected=is_protected, decided_at=decided_at, prepared=prepared)
        finally:
            self._playout.more_comes = False

    async def _lines(
        self, move: Move, heard: str, *, is_protected: bool, decided_at: float | None, prepared: EagerReply | None
    ) -> None:
        before = self._mouth.times_interrupted
        texts = self._brain.word(self._brief, move, heard) if prepared is None else prepared.rest
        first = await prepared.first() if prepared is not None else None
        if first is not None and (self._mouth.times_interrupted == before or is_protected):
            self.said.append(first)
            await self._mouth.release(first, turn=self.turn, is_protected=is_protected, decided_at=decided_at)
            decided_at = None
        async for text in texts:
            if self._mouth.times_interrupted != before and not is_protected:
                return
            utterance = await self._mouth.say(text, turn=self.turn, is_protected=is_protected, decided_at=decided_at)
            self.said.append(utterance)
            decided_at = None
