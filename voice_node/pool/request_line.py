"""The first line of an HTTP request, read without taking it from the socket."""

import re

from shared.kernel.errors import Malformed

MOST_BYTES = 2_048
LINE = re.compile(rb"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (/[!-~]*) HTTP/1\.[01]")


class NotHttp(Malformed):
    """What connected does not ask for anything by HTTP."""


def requested_path(head: bytes) -> str | None:
    """The path that is asked for, without its query; ``None`` while the line is not complete.

    Raises:
        NotHttp: It never will be a request line that we can read.
    """
    line, end, _ = head.partition(b"\r\n")
    if not end:
        if len(head) >= MOST_BYTES:
            raise NotHttp("the request line is too long")
        return None
    asked = LINE.fullmatch(line)
    if asked is None:
        raise NotHttp("the first line is no request")
    return asked[1].decode().partition("?")[0]


def worker_of(path: str) -> str | None:
    """The worker that a path names, ``None`` when it names none."""
    parts = path.split("/")
    return parts[2] if len(parts) > 3 and parts[1] == "w" else None
