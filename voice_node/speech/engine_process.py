"""An engine in a process of its own, as the node's event loop sees it."""

import asyncio
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import voice_node
from shared.kernel.errors import Unavailable
from voice_node.speech.framing import HEADER, Kind, Message, decode_header

logger = logging.getLogger(__name__)

ROOT = Path(voice_node.__file__).parent.parent
START_SECONDS = 30.0
STOP_SECONDS = 3.0


class EngineProcess:
    """One child process that reads frames from its standard input and answers on its output.

    The child ends when its input closes, so it never outlives the node.

    Args:
        module: What to run, as ``python -m`` would.
        arguments: Its command line.
        on_message: Called with every frame the child sends after it is ready.
        on_death: Called once when the child is gone without having been asked to stop.
    """

    def __init__(
        self,
        module: str,
        *arguments: str,
        on_message: Callable[[Message], None],
        on_death: Callable[[], None],
    ) -> None:
        self._module = module
        self._arguments = arguments
        self._on_message = on_message
        self._on_death = on_death
        self._process: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether the child is there and ready."""
        return self._listening is not None and not self._listening.done()

    @property
    def pid(self) -> int | None:
        """The child's process id while there is a child."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the child and wait until it is ready.

        Raises:
            Unavailable: It does not start; the message says why.
        """
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", self._module, *self._arguments,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        try:
            async with asyncio.timeout(START_SECONDS):
                first = await self._read()
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as silent:
            await self._end()
            raise Unavailable(f"the engine {self._module} does not start") from silent
        if first.kind is not Kind.READY:
            await self._end()
            raise Unavailable(first.payload.decode())
        self._listening = asyncio.create_task(self._listen(), name=self._module)

    def send(self, message: Message) -> None:
        """Hand a frame to the child; dropped when the child is gone, ``on_death`` tells."""
        if self.running and self._process and self._process.stdin:
            self._process.stdin.write(message.encoded())

    def kill(self) -> None:
        """End a child that no longer answers; ``on_death`` follows."""
        if self._process and self._process.returncode is None:
            self._process.kill()

    async def close(self) -> None:
        """End the child and wait for it."""
        listening, self._listening = self._listening, None
        if listening:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
        await self._end()

    async def _listen(self) -> None:
        try:
            while True:
                self._on_message(await self._read())
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            logger.warning("engine process ended", extra={"engine": self._module})
        self._listening = None
        await self._end()
        self._on_death()

    async def _read(self) -> Message:
        assert self._process
        assert self._process.stdout
        length, kind, request = decode_header(await self._process.stdout.readexactly(HEADER.size))
        return Message(kind=kind, request=request, payload=await self._process.stdout.readexactly(length))

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
