"""``reauto call recording``: a file that plays, from a place where nothing does."""

import stat
import wave
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from infra.cli.check_recordings import recording_checks
from infra.cli.serving import RECORDING_KEYS_FILE, known_recording_keys, persistent_recording_keys
from shared.adapters.memory.recordings import MemoryRecordingBook
from shared.adapters.recordings.folder import FolderRecordings
from shared.adapters.recordings.keyring import Keyring, new_key
from shared.adapters.recordings.seal import Sealer, Tampered
from shared.calls.recordings import KeptRecordings
from shared.kernel.errors import Malformed, NotFound
from shared.recording_settings import RecordingSettings
from tests.infra.cli.office import Office
from tests.infra.cli.test_campaigns import finished_call

NAME = "2026/03/10/a1.rec"
SOUND = bytes(32_000 * 2)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REAUTO_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def kept(office: Office, home: Path) -> KeptRecordings:
    """A call whose recording is kept, sealed with the keys of this machine."""
    finished_call(office, recording_path=NAME)
    store = FolderRecordings(home / "recordings")
    sealer = Sealer(Keyring.parse(persistent_recording_keys(home)), name=NAME)
    store.put(NAME, sealer.header + sealer.seal(SOUND) + sealer.seal(b"", is_last=True))
    kept = KeptRecordings(store=store, book=MemoryRecordingBook(), lasts=timedelta(days=90))
    office.desk.services = replace(office.desk.services, recordings=kept)
    return kept


def test_a_recording_is_opened_for_its_owner_and_that_is_noted(
    office: Office, kept: KeptRecordings, tmp_path: Path
) -> None:
    out = tmp_path / "call.wav"

    said = office.run("call", "recording", "a1", "--out", str(out), "--why", "a complaint")

    assert said == f"{out}: 2 s\n"
    with wave.open(str(out)) as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getnframes()) == (2, 8000, 16_000)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    [note] = kept.book.notes(NAME)
    assert (note.kind, note.why) == ("listened", "a complaint")


def test_what_was_changed_is_not_played(office: Office, kept: KeptRecordings, tmp_path: Path, home: Path) -> None:
    file = home / "recordings" / NAME
    file.write_bytes(file.read_bytes()[:-3] + b"xyz")

    with pytest.raises(Tampered):
        office.run("call", "recording", "a1", "--out", str(tmp_path / "call.wav"))
    assert not (tmp_path / "call.wav").exists()


def test_what_is_gone_is_said_to_be(office: Office, kept: KeptRecordings, tmp_path: Path, home: Path) -> None:
    (home / "recordings" / NAME).unlink()

    with pytest.raises(NotFound):
        office.run("call", "recording", "a1", "--out", str(tmp_path / "call.wav"))


def test_nobody_listens_without_a_key(office: Office, kept: KeptRecordings, tmp_path: Path, home: Path) -> None:
    (home / RECORDING_KEYS_FILE).unlink()

    with pytest.raises(Malformed, match="RECORDING_KEYS"):
        office.run("call", "recording", "a1", "--out", str(tmp_path / "call.wav"))
    assert not kept.book.notes(NAME)


def test_keys_are_made_once_and_a_setting_replaces_them(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = persistent_recording_keys(home)

    assert persistent_recording_keys(home) == keys == known_recording_keys(home)
    assert stat.S_IMODE((home / RECORDING_KEYS_FILE).stat().st_mode) == 0o600
    mine = new_key("mine")
    monkeypatch.setenv("RECORDING_KEYS", mine)
    assert persistent_recording_keys(home) == mine


@pytest.mark.parametrize(
    ("keys", "grade", "seen"),
    [
        ("", "poor", "they are on, but there is no key: no call is recorded"),
        ("k1:short", "bad", "their keys cannot be read: no worker starts"),
        (new_key("k7"), "good", "sealed with k7, for 90 days"),
    ],
    ids=["none", "unreadable", "readable"],
)
def test_check_says_in_one_line_how_recordings_stand(
    home: Path, monkeypatch: pytest.MonkeyPatch, keys: str, grade: str, seen: str
) -> None:
    monkeypatch.setenv("RECORDING_KEYS", keys)

    [line] = recording_checks(RecordingSettings(RECORDINGS=""), home=home)

    assert line["grade"] == grade
    assert seen in line["seen"]
    assert ("openssl rand" in line["todo"]) == (grade != "good")
