"""Scores as they were given, one after the other: nothing is overwritten."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.conversation.report import CallReport, ScoreReason
from shared.conversation.score import RULES
from shared.kernel.ids import AttemptId


@dataclass(frozen=True, kw_only=True)
class GivenScore:
    """A score that a call was given.

    ``source`` tells what gave it: ``call:0`` is the first part of the call itself, anything else an analysis made of it
    later. ``rules`` is the version of the rules that it was given by.
    """

    attempt_id: AttemptId
    source: str
    at: datetime
    points: int
    reasons: tuple[ScoreReason, ...]
    rules: str = RULES


class ScoreBook(Protocol):
    """Where scores are kept."""

    def add(self, given: GivenScore) -> None:
        """Append a score. The same source gives a call one score: repeating it changes nothing.

        Raises:
            NotFound: There is no such call.
        """
        ...

    def of_call(self, attempt_id: AttemptId) -> tuple[GivenScore, ...]:
        """Every score of a call, the first one first."""
        ...


def score_of_report(report: CallReport, *, at: datetime) -> GivenScore | None:
    """The score that a call gave itself; ``None`` when nothing could be scored."""
    if report.score is None:
        return None
    return GivenScore(
        attempt_id=report.attempt_id,
        source=f"call:{report.part}",
        at=at,
        points=report.score,
        reasons=report.score_reasons,
    )
