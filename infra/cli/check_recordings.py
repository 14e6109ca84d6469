"""Whether calls are recorded on this machine, looked at as a voice worker will."""

from pathlib import Path

from infra.cli.serving import known_recording_keys
from shared.adapters.recordings.keyring import HOW, Keyring
from shared.kernel.errors import Malformed
from shared.recording_settings import RecordingSettings

ABOUT = "recordings"


def recording_checks(settings: RecordingSettings, *, home: Path) -> list[dict[str, str]]:
    """One line, as ``reauto check`` shows it. Without a key none is made, whatever callers are told."""
    place, keys = settings.place or str(home / "recordings"), known_recording_keys(home)
    if not keys:
        return [_line("poor", "they are on, but there is no key: no call is recorded", HOW)]
    try:
        ring = Keyring.parse(keys)
    except Malformed as fault:
        return [_line("bad", "their keys cannot be read: no worker starts", str(fault))]
    return [_line("good", f"in {place}, sealed with {ring.current}, for {settings.retention_days} days", "")]


def _line(grade: str, seen: str, todo: str) -> dict[str, str]:
    return {"about": ABOUT, "grade": grade, "seen": seen, "todo": todo}
