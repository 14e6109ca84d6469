"""The worker's life: start, serve, drain on a signal, stop."""

import asyncio
import logging
from types import FrameType

import uvicorn

from shared.settings import WorkerSettings
from voice_node.bootstrap import Node, NodeConfig, start_node

log = logging.getLogger(__name__)


class DrainingServer(uvicorn.Server):
    """A server whose first signal only says so; the second stops it at once."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.stop_asked = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called by the signal, outside the loop."""
        if self.stop_asked.is_set():
            super().handle_exit(sig, frame)
        self._loop.call_soon_threadsafe(self.stop_asked.set)


async def serve(config: NodeConfig) -> None:
    """Serve until a signal; the socket opens once everything is warm."""
    async with start_node(config) as node:
        await listen(node, config.worker)


async def listen(node: Node, worker: WorkerSettings) -> None:
    """Hold the socket open until a signal, then let the open calls end."""
    server = DrainingServer(
        uvicorn.Config(
            node.app,
            host=worker.host,
            port=worker.port,
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            log_config=None,
            access_log=False,
            log_level="warning",
        )
    )
    serving = asyncio.create_task(server.serve())
    asking = asyncio.create_task(server.stop_asked.wait())
    await asyncio.wait({serving, asking}, return_when=asyncio.FIRST_COMPLETED)
    asking.cancel()
    if not serving.done():
        log.info("Draining", extra={"live": len(node.admission.lease.live)})
        if not await node.admission.drain(timeout_seconds=worker.drain.total_seconds()):
            log.warning("Calls were still open when the time to drain was over")
        server.should_exit = True
    await serving
