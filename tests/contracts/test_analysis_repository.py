"""Every AnalysisRepository keeps each analysis of a call and gives the newest."""

from datetime import timedelta

import pytest

from shared.conversation.after.analyse import analysed
from shared.conversation.after.analysis import CallAnalysis
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from tests.contracts.backends import Backend
from tests.contracts.nouns import NOON
from tests.shared.conversation.after.calls import order_of

NOBODYS = AttemptId("0195a000-0000-7000-8000-00000000dead")


def analysis_of(attempt_id: AttemptId, **changes: object) -> CallAnalysis:
    found = analysed(order_of(attempt_id=attempt_id), now=NOON)
    return found.model_copy(update=changes)


def test_the_newest_analysis_of_a_call_counts(backend: Backend) -> None:
    attempt = backend.plan()
    again = analysis_of(attempt.id, analysed_at=NOON + timedelta(days=30), by="small", summary="Shorter.")
    for each in (again, analysis_of(attempt.id), again):
        backend.analyses.add(each)

    assert backend.analyses.newest(attempt.id) == again


def test_a_call_that_nobody_analysed_has_none(backend: Backend) -> None:
    assert backend.analyses.newest(backend.plan().id) is None


def test_an_analysis_of_no_call_is_refused(backend: Backend) -> None:
    with pytest.raises(NotFound):
        backend.analyses.add(analysis_of(NOBODYS))
