"""Let recordings be listened to, and let go of the old ones."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.calls.recordings import KeptRecordings, NoteKind, RecordingNote
from shared.kernel.errors import NotFound

log = logging.getLogger(__name__)
LINK_LASTS = timedelta(minutes=5)
AT_ONCE = 1_000
CLOCK = "retention"


@dataclass(frozen=True, kw_only=True)
class LentRecording:
    """A recording that somebody may fetch at ``link`` now; it is sealed."""

    name: str
    link: str


def lend_recordings(
    names: Iterable[str], *, kept: KeptRecordings, by: str, why: str, now: datetime
) -> Sequence[LentRecording]:
    """Addresses of recordings, for whoever asks; that they asked is written down first.

    Raises:
        NotFound: There is none to lend, or it is gone for good.
    """
    wanted = list(names)
    if kept.store is None or not wanted:
        raise NotFound("there is no recording of this call")
    lent = []
    for name in wanted:
        gone = next((note for note in kept.book.notes(name) if note.kind is NoteKind.EXPIRED), None)
        if gone is not None:
            raise NotFound(f"the recording was deleted on {gone.at:%Y-%m-%d}: {gone.why}")
        kept.book.note(RecordingNote(name=name, kind=NoteKind.LISTENED, at=now, by=by, why=why))
        log.info("A recording is lent", extra={"recording": name, "by": by})
        lent.append(LentRecording(name=name, link=kept.store.link(name, lasts=LINK_LASTS)))
    return lent


def expire_recordings(kept: KeptRecordings, *, now: datetime, at_once: int = AT_ONCE) -> int:
    """Delete the recordings that were kept long enough, and note each; returns how many those were.

    A day counts as a whole: a recording goes on the day after its last.

    Raises:
        Unavailable: The recordings cannot be reached.
    """
    if kept.store is None:
        return 0
    why = f"kept for {kept.lasts.days} days"
    names = kept.store.before((now - kept.lasts).date(), limit=at_once)
    for name in names:
        kept.store.delete(name)
        kept.book.note(RecordingNote(name=name, kind=NoteKind.EXPIRED, at=now, by=CLOCK, why=why))
    return len(names)
