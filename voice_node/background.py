"""What a worker does beside its calls, for as long as it lives."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import loguru

from voice_node.desk import Desk
from voice_node.workers import Admission

log = logging.getLogger(__name__)
REPLAY_SECONDS = 5.0


async def replay_on(desk: Desk) -> None:
    """Write what the spool holds, again and again until cancelled."""
    while True:
        if written := await desk.replay():
            log.info("Written from the spool", extra={"entries": written})
        await asyncio.sleep(REPLAY_SECONDS)


@asynccontextmanager
async def running(admission: Admission, **work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run the given work until the block ends. When any of it dies the worker takes no more calls."""

    def died(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (fault := task.exception()) is not None:
            admission.is_ready = False
            log.error("Background work died: no more calls are taken", extra={"task": task.get_name()}, exc_info=fault)

    tasks = [asyncio.create_task(each, name=name) for name, each in work.items()]
    for task in tasks:
        task.add_done_callback(died)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def adopt_pipecat_logs() -> None:
    """Pipecat's own log repeats what people say: only its warnings pass, and their text as personal data.

    That of its WebRTC names the addresses of browsers: of it only warnings pass, too.
    """
    logging.getLogger("aioice").setLevel(logging.WARNING)
    loguru.logger.remove()
    loguru.logger.add(_pass_on, level="WARNING", format="{message}")


def _pass_on(message: "loguru.Message") -> None:
    record = message.record
    logging.getLogger("pipecat").log(
        record["level"].no, "Pipecat reports", extra={"where": record["name"], "pii.detail": record["message"]}
    )
