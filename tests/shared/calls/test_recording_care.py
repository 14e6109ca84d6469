"""Recordings are lent on the record, and let go of when their time is over."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.adapters.memory.recordings import MemoryRecordingBook, MemoryRecordings
from shared.calls.recording_care import expire_recordings, lend_recordings
from shared.calls.recordings import KeptRecordings, NoteKind, day_of, recording_name
from shared.kernel.errors import Malformed, NotFound
from shared.kernel.ids import AttemptId

NOW = datetime(2026, 11, 22, 7, 15, tzinfo=UTC)


def kept(*names: str) -> KeptRecordings:
    store = MemoryRecordings()
    for name in names:
        store.put(name, b"sealed")
    return KeptRecordings(store=store, book=MemoryRecordingBook(), lasts=timedelta(days=90))


def test_names_begin_with_their_day() -> None:
    name = recording_name(AttemptId("a"), part=2, day=date(2026, 1, 5))

    assert (name, day_of(name)) == ("2026/01/05/a-2.rec", date(2026, 1, 5))
    with pytest.raises(Malformed):
        day_of("a.rec")


def test_what_is_older_than_its_time_goes_and_is_noted() -> None:
    old, last_day = "2026/08/23/a.rec", "2026/08/24/b.rec"
    recordings = kept(old, last_day)
    assert recordings.store is not None

    assert expire_recordings(recordings, now=NOW) == 1
    assert expire_recordings(recordings, now=NOW) == 0

    with pytest.raises(NotFound):
        recordings.store.get(old)
    assert recordings.store.get(last_day)
    [note] = recordings.book.notes(old)
    assert (note.kind, note.at, note.why) == (NoteKind.EXPIRED, NOW, "kept for 90 days")


def test_who_asks_is_written_down_before_they_get_an_address() -> None:
    recordings = kept("2026/11/20/a.rec")

    [lent] = lend_recordings(["2026/11/20/a.rec"], kept=recordings, by="kim", why="a complaint", now=NOW)

    assert lent.link.startswith("memory:2026/11/20/a.rec")
    [note] = recordings.book.notes("2026/11/20/a.rec")
    assert (note.kind, note.by, note.why, note.at) == (NoteKind.LISTENED, "kim", "a complaint", NOW)


def test_what_is_gone_is_said_to_be() -> None:
    recordings = kept("2026/01/01/a.rec")
    expire_recordings(recordings, now=NOW)

    with pytest.raises(NotFound, match="2026-11-22: kept for 90 days"):
        lend_recordings(["2026/01/01/a.rec"], kept=recordings, by="kim", why="", now=NOW)
    with pytest.raises(NotFound, match="no recording"):
        lend_recordings([], kept=recordings, by="kim", why="", now=NOW)
