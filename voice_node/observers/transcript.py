"""The transcript: into the minutes when it is over, onto the live feed while it is said."""

from collections.abc import Callable
from typing import Literal

from shared.conversation.reporting import NOT_KEPT
from voice_node.frames import CallerTurnFrame
from voice_node.minutes import Minutes
from voice_node.turns.playout import Utterance

Speaker = Literal["agent", "caller", "system"]
Kind = Literal["spoken", "interim", "final", "event"]
Tell = Callable[[Speaker, Kind, str], None]


class Transcript:
    """Hears of every utterance from the playout ledger and from turn taking."""

    def __init__(self, minutes: Minutes, *, tell: Tell) -> None:
        self._minutes = minutes
        self._tell = tell
        self._agent_turn: int | None = None
        self._keeps_words = True

    def keep_no_words(self) -> None:
        """From now on nothing of what the caller says is written down or told."""
        self._keeps_words = False

    def agent_started(self, utterance: Utterance) -> None:
        """The agent's words start to leave for the line."""
        self._tell("agent", "spoken", utterance.text)

    def agent_finished(self, utterance: Utterance) -> None:
        """The agent's words were heard, or cut short: only what was heard is written down."""
        if utterance.started_at is None or utterance.ended_at is None:
            return
        latency = None
        if utterance.decided_at is not None and utterance.sent_at is not None:
            latency = round((utterance.sent_at - utterance.decided_at) * 1_000, 1)
        self._minutes.add_turn(
            "agent",
            utterance.heard,
            started=utterance.started_at,
            ended=utterance.ended_at,
            interrupted=utterance.was_interrupted,
            latency_ms=latency,
            goes_on=utterance.turn == self._agent_turn,
        )
        self._agent_turn = utterance.turn

    def caller_words(self, text: str, is_final: bool) -> None:
        """A transcript of the caller's speech, whole or on its way."""
        if self._keeps_words:
            self._tell("caller", "final" if is_final else "interim", text)

    def caller_turn(self, turn: CallerTurnFrame) -> None:
        """The caller has finished a turn."""
        text = turn.text if self._keeps_words or not turn.text.strip() else NOT_KEPT
        self._minutes.add_turn("caller", text, started=turn.started, ended=turn.ended)

    def opt_out(self, words: str, at: float) -> None:
        """The guard took the caller's words, or key, before they became a turn."""
        self.caller_words(words, is_final=True)
        self._minutes.add_turn("caller", words, started=at, ended=at)
