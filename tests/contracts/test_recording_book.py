"""Every RecordingBook keeps what was written down about recordings, and briefs say whether a call may be recorded."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.memory.recordings import MemoryRecordingBook
from shared.calls.recordings import NoteKind, RecordingBook, RecordingNote
from shared.campaigns import CallingPlan
from shared.conversation import CallReport
from shared.storage.recordings import SqlRecordingBook
from tests.contracts.backends import Backend, emptied
from tests.contracts.nouns import NOON, make_campaign, make_opening, make_report

NAME = "2026/11/22/a.rec"
LISTENED = RecordingNote(name=NAME, kind=NoteKind.LISTENED, at=NOON, by="kim", why="a complaint")
EXPIRED = RecordingNote(name=NAME, kind=NoteKind.EXPIRED, at=NOON + timedelta(days=90), by="retention")
RECORDED = "Hi. This is a sales call and it's recorded."


@pytest.fixture(params=["memory", "sql"])
def book(request: pytest.FixtureRequest) -> RecordingBook:
    if request.param == "memory":
        return MemoryRecordingBook()
    return SqlRecordingBook(emptied(request.getfixturevalue("module_engine")))


def test_notes_come_back_in_order_by_recording(book: RecordingBook) -> None:
    for note in (LISTENED, replace(LISTENED, name="2026/11/22/b.rec"), EXPIRED):
        book.note(note)

    assert list(book.notes(NAME)) == [LISTENED, EXPIRED]
    assert list(book.notes("2026/11/22/c.rec")) == []


def told(backend: Backend, text: str = RECORDED, **plan: object) -> Backend:
    """With an opening of these words, and this plan."""
    backend.campaigns.save(replace(make_campaign(), plan=CallingPlan(**plan)))  # type: ignore[arg-type]
    backend.campaigns.save_opening(replace(make_opening(), text=text))
    return backend


def test_a_call_is_recorded_when_its_opening_says_so_and_the_campaign_wants_it(backend: Backend) -> None:
    attempt = told(backend).plan()
    assert backend.briefs.get(attempt.id).is_recorded

    told(backend, "Hi. This is a sales call and it's transcribed.")
    assert not backend.briefs.get(attempt.id).is_recorded

    told(backend, recorded=False)
    assert not backend.briefs.get(attempt.id).is_recorded


def test_a_later_part_is_recorded_where_an_earlier_one_was(backend: Backend) -> None:
    attempt = told(backend).plan()
    assert not backend.briefs.get(attempt.id, part=1).is_recorded

    backend.reports.add(make_report(attempt, recording_path=NAME))
    brief = backend.briefs.get(attempt.id, part=1)
    assert (brief.is_recorded, brief.earlier_recordings) == (True, (NAME,))


def test_who_objected_once_is_never_recorded_again(backend: Backend) -> None:
    attempt = told(backend).plan()
    report: CallReport = make_report(attempt, off_the_record=True)
    backend.reports.add(report)

    assert not backend.briefs.get(attempt.id).is_recorded
    assert not backend.briefs.get(attempt.id, part=1).is_recorded
