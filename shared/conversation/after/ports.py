"""Where analyses of calls are kept."""

from typing import Protocol

from shared.conversation.after.analysis import CallAnalysis
from shared.kernel.ids import AttemptId


class AnalysisWriter(Protocol):
    """Where the voice node leaves what it found out."""

    def add(self, analysis: CallAnalysis) -> None:
        """Keep an analysis beside earlier ones of the call. Safe to repeat.

        Raises:
            Unavailable: It cannot be kept now.
        """
        ...


class AnalysisRepository(AnalysisWriter, Protocol):
    """Every analysis of every call."""

    def newest(self, attempt_id: AttemptId) -> CallAnalysis | None:
        """The newest of a call, if it was ever analysed."""
        ...
