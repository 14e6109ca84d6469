"""The minutes of a call: what was said when, how it went, what it used."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from shared.conversation import CallBrief, Move, SpokenTurn
from shared.conversation.report import EndedBy
from voice_node.turns.eager_tally import EagerTally


@dataclass(frozen=True, kw_only=True)
class Ending:
    """Who ended the call, and why in one word; ``transfer_to`` is whom it is put through to instead (E.164)."""

    by: EndedBy
    reason: str
    transfer_to: str | None = None

    @classmethod
    def after(cls, move: Move) -> "Ending":
        """The end that a move of ours brings: its last words say why, or who was heard when it has none."""
        if move.leaves_message:
            return cls(by="agent", reason="message_left")
        reason = move.lines[-1].act if move.lines else move.state.heard
        return cls(by="agent", reason=reason, transfer_to=move.state.transferred_to)


@dataclass(kw_only=True)
class Minutes:
    """Kept while the call runs, by the observers; read once, for the report.

    ``earlier`` is what was said in the parts before this one, where that is remembered; this part does not report it.
    ``caller_turns`` counts the turns in which words were recognised; ``answered`` has the numbers of those that the
    conversation took up, in its order.
    """

    brief: CallBrief
    call_sid: str
    started_at: datetime
    earlier: tuple[SpokenTurn, ...] = ()
    turns: list[SpokenTurn] = field(default_factory=list)
    first_audio_ms: float | None = None
    latencies_ms: list[float] = field(default_factory=list)
    caller_turns: int = 0
    answered: list[int] = field(default_factory=list)
    eager: EagerTally = field(default_factory=EagerTally)

    def in_order(self) -> tuple[tuple[SpokenTurn, ...], tuple[int, ...]]:
        """The turns as they began, numbered anew from 1, and the new numbers of ``answered``.

        Turns are written down when they end, and people speak at the same time.
        """
        ordered = sorted(self.turns, key=lambda turn: turn.started)
        numbers = {turn.number: place for place, turn in enumerate(ordered, start=1)}
        turns = tuple(turn.model_copy(update={"number": numbers[turn.number]}) for turn in ordered)
        return turns, tuple(numbers[number] for number in self.answered)

    def add_turn(
        self,
        speaker: Literal["agent", "caller"],
        text: str,
        *,
        started: float,
        ended: float,
        interrupted: bool = False,
        latency_ms: float | None = None,
        goes_on: bool = False,
    ) -> None:
        """Write down one utterance; one that was heard empty is left out, one that ``goes_on`` joins the last."""
        if not text.strip():
            return
        if goes_on and self.turns and self.turns[-1].speaker == speaker:
            last = self.turns[-1]
            self.turns[-1] = last.model_copy(
                update={"text": f"{last.text} {text}", "ended": round(ended, 3), "interrupted": interrupted}
            )
            return
        self.turns.append(
            SpokenTurn(
                number=len(self.turns) + 1,
                speaker=speaker,
                text=text,
                started=round(started, 3),
                ended=round(ended, 3),
                interrupted=interrupted,
                latency_ms=latency_ms,
            )
        )
        if speaker == "caller":
            self.caller_turns += 1
