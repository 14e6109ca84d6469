"""A carrier that takes every call and tells nothing more, beside a voice worker with room for all, in one process.

Told ``{"port", "redis_url", "slots"}`` on standard input; says ``ready``; at the end of input it tells when each dial
request came, on the monotonic clock, and what processor time it took itself.
"""

import asyncio
import json
import re
import sys
import time

from infra.cli.bench_db.seed import sid
from shared.adapters.redis import keys
from shared.adapters.redis.connect import make_async_redis
from shared.adapters.redis.worker_lease import WorkerLease

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class PatientCarrier:
    """HTTP/1.1 with keep-alive, as far as ``POST …/Calls.json`` needs it."""

    def __init__(self) -> None:
        self.dialled: list[float] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer every request of one connection with a call that was accepted."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lengths = [
                    line.split(b":")[1] for line in head.lower().splitlines() if line.startswith(b"content-length")
                ]
                await reader.readexactly(int(lengths[0]) if lengths else 0)
                self.dialled.append(time.monotonic())
                body = json.dumps({"sid": sid(len(self.dialled)), "status": "queued", "queue_time": "0"}).encode()
                writer.write(b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: ")
                writer.write(str(len(body)).encode() + b"\r\n\r\n" + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            writer.close()


async def run(order: dict[str, object]) -> PatientCarrier:
    """Take calls and keep the worker's lease fresh until the input ends."""
    carrier = PatientCarrier()
    server = await asyncio.start_server(carrier.serve, "127.0.0.1", int(str(order["port"])))
    redis = make_async_redis(str(order["redis_url"]))
    lease = WorkerLease(redis, worker="bench", epoch="1", url="ws://127.0.0.1:9", slots=int(str(order["slots"])))
    ended = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await lease.beat(ready=True)
    _say("ready")
    while not ended.done():
        await asyncio.wait({ended}, timeout=keys.BEAT_EVERY.total_seconds())
        await lease.beat(ready=True)
    server.close()
    await redis.aclose()
    return carrier


def main() -> None:
    """Run as told, then report."""
    carrier = asyncio.run(run(json.loads(sys.stdin.readline())))
    _say(json.dumps({"dialled": carrier.dialled, "cpu": time.process_time()}))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
