"""How commands find the server that runs on this machine: what it leaves in ``.reauto/`` while it runs."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from shared.access.api_key import new_key
from shared.kernel.errors import Unavailable
from shared.settings import ClientSettings, read

KEY_FILE = "api-key"
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
    try:
        return (home / KEY_FILE).read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


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
