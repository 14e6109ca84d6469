"""How the node is, for whoever asks over HTTP: answered by the supervisor, whatever its workers do."""

import json
import socket
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus

from voice_node.pool.member import Member

HEALTH, READY = "/health", "/ready"
REQUEST_BYTES = 65_536


def health(members: Sequence[Member]) -> dict[str, object]:
    """Every worker with its figures, and their sums."""
    pulses = [member.pulse for member in members if member.pulse]
    return {
        "live": sum(pulse.live for pulse in pulses),
        "slots": sum(pulse.slots for pulse in pulses),
        "workers": [
            {
                "worker": member.name,
                "pid": member.pid,
                "restarts": max(0, member.lives - 1),
                **(member.pulse.model_dump(exclude={"version"}) if member.pulse else {"ready": False}),
            }
            for member in members
        ],
    }


def answer(path: str, members: Sequence[Member], *, is_stopping: bool) -> tuple[HTTPStatus, dict[str, object]]:
    """The answer to ``HEALTH`` or ``READY``; ready is a node of which one worker takes calls."""
    if path == HEALTH:
        return HTTPStatus.OK, health(members)
    is_ready = not is_stopping and any(member.takes_calls for member in members)
    return HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE, {"ready": is_ready}


def reply(connection: socket.socket, status: HTTPStatus, body: dict[str, object]) -> None:
    """Send one answer and close; never waits."""
    text = json.dumps(body).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n"
    )
    with connection, suppress(OSError):
        connection.recv(REQUEST_BYTES)  # what is left unread when a socket closes resets it under the answer
        connection.send(head.encode() + text)
        connection.shutdown(socket.SHUT_WR)
