"""How commands find the server that runs on this machine: what it leaves in ``.reauto/`` while it runs."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from shared.access.api_key import new_key
from shared.adapters.recordings.keyring import new_key as new_recording_key
from shared.kernel.errors import Unavailable
from shared.recording_settings import RecordingSettings
from shared.settings import ClientSettings, read

KEY_FILE = "api-key"
RECORDING_KEYS_FILE = "recording-keys"
SERVER_FILE = "server.json"


class NotServing(Unavailable):
    """No server runs here."""

    def __init__(self, home: Path) -> None:
        super().__init__(f"no server runs on {home}: start `reauto serve` in another terminal, or name one with --url")


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server: where its API is, and its process."""

    url: str
    process: int


def persistent_key(home: Path) -> str:
    """The API key of this installation, made at the first start; ``REAUTO_API_KEY`` replaces it.

    Raises:
        Unavailable: The folder cannot be written.
    """
    file, wished = home / KEY_FILE, read(ClientSettings).key
    key = wished.get_secret_value() if wished else read_key(home) or new_key()
    if read_key(home) != key:
        _write_secret(file, key + "\n")
    return key


def read_key(home: Path) -> str | None:
    """The key that was kept, if one was."""
    return _secret(home / KEY_FILE)


def persistent_recording_keys(home: Path) -> str:
    """The keys that recordings of this installation are sealed with; made at the first start unless they are set.

    Raises:
        Unavailable: The folder cannot be written.
    """
    keys = known_recording_keys(home) or new_recording_key()
    if not known_recording_keys(home):
        _write_secret(home / RECORDING_KEYS_FILE, keys + "\n")
    return keys


def known_recording_keys(home: Path) -> str:
    """``RECORDING_KEYS``, or what was made at the first start; empty when there is neither."""
    return read(RecordingSettings).keys.get_secret_value() or _secret(home / RECORDING_KEYS_FILE) or ""


@contextmanager
def published(home: Path, url: str) -> Iterator[None]:
    """Let other commands find the server at ``url`` until the block ends."""
    file = home / SERVER_FILE
    _write_secret(file, json.dumps(asdict(Server(url=url, process=os.getpid()))) + "\n")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def find_server(home: Path) -> Server:
    """The server that runs on ``home``.

    Raises:
        NotServing: None does.
    """
    try:
        server = Server(**json.loads((home / SERVER_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise NotServing(home) from error
    if not _lives(server.process):
        raise NotServing(home)
    return server


def _lives(process: int) -> bool:
    """Whether the process is still there; one that was killed leaves its file behind."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _secret(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def _write_secret(file: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = file.with_suffix(".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
        draft.replace(file)
    except OSError as error:
        raise Unavailable(f"{file} cannot be written: {error.strerror}") from error
