"""Recordings of calls: who wants to listen is lent an address for a few minutes, and that is written down."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from functions.api.access import Reach
from functions.api.answers import Shown
from functions.api.bodies import Body
from shared.calls.recording_care import lend_recordings
from shared.calls.recordings import NoteKind
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId

router = APIRouter(prefix="/v1", tags=["recordings"])


class ListenerBody(Body):
    """Who wants to listen, and what for."""

    by: Annotated[str, Field(min_length=1, max_length=200)]
    why: Annotated[str, Field(max_length=600)] = ""


class LentShown(Shown):
    """A recording that may be fetched at ``link`` for a few minutes; it is sealed, and opens with its key alone."""

    name: str
    link: str


class NoteShown(Shown):
    """That somebody got hold of a recording, or that it was deleted."""

    name: str
    kind: NoteKind
    at: datetime
    by: str
    why: str


@router.post("/attempts/{attempt_id}/recordings")
def lend(attempt_id: AttemptId, body: ListenerBody, services: Reach) -> tuple[LentShown, ...]:
    """Addresses of the recordings of a call, one for each of its parts. Every asking leaves a note for good."""
    if services.recordings is None:
        raise NotFound("there is no recording of this call")
    lent = lend_recordings(
        _names(attempt_id, services), kept=services.recordings, by=body.by, why=body.why, now=services.clock.now()
    )
    return tuple(LentShown(name=each.name, link=each.link) for each in lent)


@router.get("/attempts/{attempt_id}/recordings/notes")
def notes(attempt_id: AttemptId, services: Reach) -> tuple[NoteShown, ...]:
    """Who has listened to a call, and when its recordings were deleted."""
    if services.recordings is None:
        return ()
    book = services.recordings.book
    return tuple(NoteShown(**asdict(note)) for name in _names(attempt_id, services) for note in book.notes(name))


def _names(attempt_id: AttemptId, services: Reach) -> tuple[str, ...]:
    services.calls.get(attempt_id)
    report = services.reports.get(attempt_id)
    if report is None or report.recording_path is None:
        return ()
    return (report.recording_path, *report.later_recordings)
