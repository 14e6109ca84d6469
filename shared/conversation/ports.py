"""Where briefs come from and reports go."""

from typing import Protocol

from shared.conversation.brief import CallBrief
from shared.conversation.report import CallReport
from shared.kernel.ids import AttemptId


class BriefRepository(Protocol):
    """Where the voice node reads what it needs for a call."""

    def get(self, attempt_id: AttemptId, *, part: int = 0) -> CallBrief:
        """The brief of an attempt that has been answered or is about to be; ``part`` counts its streams from 0.

        Raises:
            NotFound: There is no such attempt.
        """
        ...


class ReportRepository(Protocol):
    """Where the voice node leaves what happened."""

    def add(self, report: CallReport) -> None:
        """Keep the report of a part with its turns, and set off the closing of the call. Safe to repeat.

        Who asked for a person, or for a call in another language, leaves a call-back task.
        """
        ...

    def get(self, attempt_id: AttemptId) -> CallReport | None:
        """The report, its parts told as one, if any has arrived."""
        ...
