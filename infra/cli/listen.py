"""Fetch the recordings of a call and open them, with the keys of this machine."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import httpx

from infra.cli.serving import known_recording_keys
from shared.adapters.recordings.keyring import HOW, Keyring
from shared.adapters.recordings.seal import Unsealed, unseal
from shared.kernel.errors import Malformed, NotFound, Unavailable

PATIENCE_SECONDS = 60.0


def keyring_of(home: Path) -> Keyring:
    """The keys that this machine knows.

    Raises:
        Malformed: It knows none.
    """
    keys = known_recording_keys(home)
    if not keys:
        raise Malformed(f"there is no key to open recordings with: {HOW}")
    return Keyring.parse(keys)


def opened(lent: Sequence[dict[str, str]], keyring: Keyring) -> list[Unsealed]:
    """What was lent, fetched and unsealed.

    Raises:
        NotFound: It is not where it should be.
        Tampered: It is not what was written.
    """
    return [unseal(_fetched(each["link"]), keyring, name=each["name"]) for each in lent]


def written(sounds: Sequence[Unsealed], out: Path) -> list[Path]:
    """The files that were made, one a part: ``call.wav``, ``call-1.wav``. Only their owner may read them."""
    files = []
    for number, sound in enumerate(sounds):
        file = out.with_name(f"{out.stem}-{number}{out.suffix}") if number else out
        try:
            file.touch(mode=0o600)
            file.chmod(0o600)
            file.write_bytes(sound.wav())
        except OSError as error:
            raise Unavailable(f"{file} cannot be written: {error.strerror}") from error
        files.append(file)
    return files


def _fetched(link: str) -> bytes:
    address = urlsplit(link)
    try:
        if address.scheme == "file":
            return Path(url2pathname(address.path)).read_bytes()
        answer = httpx.get(link, timeout=PATIENCE_SECONDS)
    except FileNotFoundError as error:
        raise NotFound("the recording is not on this machine: it is deleted, or lies with another one") from error
    except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"the recording cannot be fetched ({type(error).__name__})") from error
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise NotFound("the recording is deleted")
    if not answer.is_success:
        raise Unavailable(f"the recording cannot be fetched (HTTP {answer.status_code})")
    return answer.content
