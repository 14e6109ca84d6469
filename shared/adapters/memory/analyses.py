"""What is found out about calls behind them, in memory."""

from shared.adapters.memory.store import MemoryStore
from shared.conversation.after.analysis import CallAnalysis
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId


class MemoryAnalysisRepository:
    """``AnalysisRepository`` in memory."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def add(self, analysis: CallAnalysis) -> None:
        with self._store.lock:
            if analysis.attempt_id not in self._store.attempts:
                raise NotFound(f"no attempt {analysis.attempt_id}")
            kept = self._store.analyses.setdefault(analysis.attempt_id, {})
            kept.setdefault(analysis.analysed_at, analysis)

    def newest(self, attempt_id: AttemptId) -> CallAnalysis | None:
        with self._store.lock:
            kept = self._store.analyses.get(attempt_id, {})
            return kept[max(kept)] if kept else None
