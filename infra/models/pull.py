"""Fetching a model: file after file, going on where it broke off, checked before it counts."""

from collections.abc import Callable
from pathlib import Path

import httpx

from infra.models.manifest import Model, ModelFile
from infra.models.shelf import ModelShelf, Presence, digest_of
from shared.kernel.errors import Malformed, Unavailable

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
WRITTEN = Callable[[int], None]


class WrongHash(Malformed):
    """What came is not the file that the manifest names; it was thrown away."""


class BrokeOff(Unavailable):
    """The source went away; what came so far is kept and the next pull goes on from there."""


def pull(model: Model, shelf: ModelShelf, *, client: httpx.Client, written: WRITTEN = lambda _: None) -> Path:
    """Have a model in its place; one that is there whole is not fetched again.

    Args:
        model: What to fetch.
        shelf: Where it goes.
        client: Follows redirects.
        written: Told how many more bytes of the model are here.

    Raises:
        WrongHash: A file is not what the manifest says.
        BrokeOff: The source went away, or refused.
    """
    if shelf.presence(model, thoroughly=True) is Presence.HERE:
        written(model.size)
        return shelf.folder / model.name
    for file in model.files:
        _fetch(file, shelf.partial(model) / file.path, client=client, written=written)
    return shelf.put(model)


def _fetch(file: ModelFile, path: Path, *, client: httpx.Client, written: WRITTEN) -> None:
    have = path.stat().st_size if path.is_file() else 0
    if have > file.bytes:
        path.unlink()
        have = 0
    if have < file.bytes or not path.is_file():
        have = _download(file, path, have=have, client=client, written=written)
    else:
        written(have)
    if (found := digest_of(path)) != file.sha256:
        path.unlink()
        raise WrongHash(f"{file.path} from {file.url} has the hash {found}, not {file.sha256}; it was thrown away")


def _download(file: ModelFile, path: Path, *, have: int, client: httpx.Client, written: WRITTEN) -> int:
    """Append what is missing; from the start where the source cannot go on in the middle."""
    headers = {"Range": f"bytes={have}-"} if have else {}
    try:
        with client.stream("GET", file.url, headers=headers) as answer:
            if answer.status_code not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
                raise BrokeOff(f"{file.url} answers {answer.status_code}")
            goes_on = answer.status_code == httpx.codes.PARTIAL_CONTENT and _begins_at(answer, have)
            if have and not goes_on:
                if answer.status_code == httpx.codes.PARTIAL_CONTENT:
                    raise BrokeOff(f"{file.url} does not go on where it was asked to")
                have = 0
            written(have)
            with path.open("ab" if goes_on else "wb") as stream:
                for block in answer.iter_bytes():
                    stream.write(block)
                    have += len(block)
                    written(len(block))
                    if have > file.bytes:
                        break
    except httpx.HTTPError as away:
        raise BrokeOff(
            f"{file.url} broke off ({type(away).__name__}); pull again, it goes on from {have:,} bytes"
        ) from away
    return have


def _begins_at(answer: httpx.Response, place: int) -> bool:
    return str(answer.headers.get("Content-Range", "")).startswith(f"bytes {place}-")
