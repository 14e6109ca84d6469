"""The carrier's side of the callback benchmark, a process of its own: posts requests signed beforehand, on time.

Told on standard input ``{"port", "public", "token", "attempts", "rate"}``; answers in JSON what
came of it. A request that finds every connection busy waits, and its waiting counts.
"""

import asyncio
import json
import resource
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from infra.cli.bench_db.seed import attempt_id, sid

CONNECTIONS = 48
PATIENCE_SECONDS = 15.0
HEAD_START = 0.5
TICK_SECONDS = 0.004
ACCEPTED = b"HTTP/1.1 204"
STORY: tuple[tuple[tuple[str, dict[str, str]], ...], ...] = (
    (("status", {"CallStatus": "initiated", "SequenceNumber": "0"}),),
    (("status", {"CallStatus": "ringing", "SequenceNumber": "1"}),),
    (
        ("status", {"CallStatus": "in-progress", "SequenceNumber": "2"}),
        ("stream", {"StreamEvent": "stream-started"}),
    ),
    (("status", {"CallStatus": "completed", "SequenceNumber": "3", "CallDuration": "42", "SipResponseCode": "200"}),),
)
"""What the carrier tells of one call that reached its worker; what it tells in one breath stands together."""
ALWAYS = {"AccountSid": "AC" + "5" * 32, "ApiVersion": "2010-04-01", "Direction": "outbound-api"}


@dataclass(kw_only=True)
class Sent:
    """A request and what came of it; times are seconds on the monotonic clock."""

    data: bytes
    due: float
    answered: float = 0.0
    accepted: bool = False


class Line(asyncio.Protocol):
    """One connection, kept open; one request at a time."""

    def __init__(self, post: "Post") -> None:
        self._post = post
        self._sent: Sent | None = None
        self._heard = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The line can be used."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._post.free(self)

    def send(self, sent: Sent) -> None:
        """Post one request."""
        assert self._transport is not None
        self._sent, self._heard = sent, b""
        self._transport.write(sent.data)

    def data_received(self, data: bytes) -> None:
        """An answer, whole once its head is: what is accepted has no body, what is not is not read on."""
        self._heard += data
        if b"\r\n\r\n" not in self._heard or self._sent is None:
            return
        self._sent.answered = time.monotonic()
        self._sent.accepted = self._heard.startswith(ACCEPTED)
        self._sent = None
        self._post.answered()
        self._post.free(self)

    def connection_lost(self, error: Exception | None) -> None:
        """The other side hung up; what was under way counts as refused."""
        self._post.lost(self)
        if self._sent is not None:
            self._sent.answered = time.monotonic()
            self._post.answered()


class Post:
    """Gives every request that is due to the line that has been free longest: one that rests too long is closed."""

    def __init__(self) -> None:
        self._idle: deque[Line] = deque()
        self._waiting: deque[Sent] = deque()
        self._answers = asyncio.Semaphore(0)

    def answered(self) -> None:
        """One more request is done with."""
        self._answers.release()

    async def all_answered(self, count: int) -> None:
        """Wait for so many answers in all."""
        for _ in range(count):
            await self._answers.acquire()

    def free(self, line: Line) -> None:
        """A line may take the next request."""
        if self._waiting:
            line.send(self._waiting.popleft())
        else:
            self._idle.append(line)

    def lost(self, line: Line) -> None:
        """A line is of no use any more."""
        with suppress(ValueError):  # it was not free
            self._idle.remove(line)

    def send(self, sent: Sent) -> None:
        """Post a request as soon as a line is free."""
        if self._idle:
            self._idle.popleft().send(sent)
        else:
            self._waiting.append(sent)


def signed_requests(order: dict[str, Any]) -> Iterator[bytes]:
    """Every request: the calls' stories side by side, as a busy carrier tells them."""
    validator = RequestValidator(order["token"])
    wave = max(1, order["attempts"] // 10)
    for first in range(0, order["attempts"], wave):
        calls = range(first, min(first + wave, order["attempts"]))
        for which, (kind, fields) in ((1 + number, told) for breath in STORY for number in calls for told in breath):
            path = f"/v1/twilio/{kind}/{attempt_id(which)}"
            form = {**ALWAYS, "CallSid": sid(which), "StreamSid": f"MZ{which:032x}", **fields}
            body = urlencode(form)
            head = {
                "Host": f"127.0.0.1:{order['port']}",
                "Content-Type": "application/x-www-form-urlencoded",
                "Content-Length": str(len(body)),
                "X-Twilio-Signature": validator.compute_signature(order["public"] + path, form),
                "User-Agent": "TwilioProxy/1.1",
            }
            lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
            yield f"POST {path} HTTP/1.1\r\n{lines}\r\n{body}".encode()


async def posted(requests: list[bytes], order: dict[str, Any]) -> tuple[list[Sent], float]:
    """Post them at the rate that was ordered; each with its outcome, and the processor time that the posting took."""
    post = Post()
    loop = asyncio.get_running_loop()
    lines = [await loop.create_connection(lambda: Line(post), "127.0.0.1", order["port"]) for _ in range(CONNECTIONS)]
    before = _cpu_seconds()
    begin = time.monotonic() + HEAD_START
    sent = [Sent(data=data, due=begin + place / order["rate"]) for place, data in enumerate(requests)]
    for each in sent:
        delay = each.due - time.monotonic()
        if delay > 0:
            await asyncio.sleep(max(delay, TICK_SECONDS))  # a few are due together then, which spares us
        post.send(each)
    with suppress(TimeoutError):
        await asyncio.wait_for(post.all_answered(len(sent)), PATIENCE_SECONDS)
    for transport, _ in lines:
        transport.close()
    return sent, _cpu_seconds() - before


def main() -> None:
    """Carry out one order: prepare, say ``ready``, wait for a line, post."""
    order = json.loads(sys.stdin.readline())
    requests = list(signed_requests(order))
    _say("ready")
    sys.stdin.readline()
    sent, cpu = asyncio.run(posted(requests, order))
    latencies = [round((each.answered - each.due) * 1000, 2) for each in sent if each.accepted]
    seconds = max((each.answered for each in sent), default=0.0) - sent[0].due
    _say(json.dumps({"sent": len(sent), "latencies": latencies, "seconds": seconds, "cpu": cpu}))


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _say(line: str) -> None:
    """This is how the parent hears of it."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
