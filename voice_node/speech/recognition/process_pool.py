"""Engines that run in processes of their own, for any number of calls: a small pool of them."""

import asyncio
import itertools
from collections.abc import Callable

from shared.kernel.errors import Unavailable
from voice_node.speech.engine_process import EngineProcess
from voice_node.speech.framing import Kind, Message
from voice_node.speech.recognition.piped_utterance import PipedUtterance
from voice_node.speech.recognition.port import EngineFacts


class Worker:
    """One process and the utterances it hears; started again when it dies."""

    def __init__(self, vendor: str, module: str, arguments: tuple[str, ...]) -> None:
        self.vendor = vendor
        self._module = module
        self._process = EngineProcess(module, *arguments, on_message=self._deliver, on_death=self._restart)
        self._utterances: dict[int, PipedUtterance] = {}
        self._restarting: asyncio.Task[None] | None = None

    @property
    def load(self) -> int:
        """How many utterances are open."""
        return len(self._utterances)

    @property
    def pid(self) -> int | None:
        """The process id, ``None`` while it is being started."""
        return self._process.pid

    async def start(self) -> None:
        """Start the process and wait until it has loaded its model.

        Raises:
            Unavailable: It does not start.
        """
        await self._process.start()

    def open(self, request: int) -> PipedUtterance:
        """Begin an utterance; a process that could not be restarted gets another chance."""
        utterance = self._utterances[request] = PipedUtterance(self, request)
        if self._process.running:
            utterance.replay()
        elif self._restarting is None or self._restarting.done():
            self._restart()
        return utterance

    def send(self, message: Message) -> None:
        """Hand a frame to the process; while it is being started, ``replay`` will say it again."""
        self._process.send(message)

    def kill(self) -> None:
        """End a process that no longer answers; it is started again."""
        self._process.kill()

    def forget(self, request: int) -> None:
        """Leave an utterance alone from now on."""
        self._utterances.pop(request, None)

    async def close(self) -> None:
        """Stop; open utterances end with ``Unavailable``."""
        if self._restarting:
            self._restarting.cancel()
            await asyncio.gather(self._restarting, return_exceptions=True)
        await self._process.close()
        self._give_up()

    def _deliver(self, message: Message) -> None:
        if utterance := self._utterances.get(message.request):
            utterance.deliver(message)
            if message.kind in (Kind.DONE, Kind.FAILED):
                self.forget(message.request)

    def _restart(self) -> None:
        self._restarting = asyncio.create_task(self._start_again(), name=f"restart {self._module}")

    async def _start_again(self) -> None:
        try:
            await self._process.start()
        except Unavailable:
            self._give_up()
            return
        for utterance in self._utterances.values():
            utterance.replay()

    def _give_up(self) -> None:
        for utterance in self._utterances.values():
            utterance.deliver(None)
        self._utterances.clear()


class ProcessPool:
    """``RecognitionEngine`` over processes: an utterance goes to the process with the least to do.

    Args:
        facts: Which engine this is.
        module: What each process runs, as ``python -m`` would.
        prepare: Makes or finds the engine's files, blocking, and says the processes' command line.
        processes: How many of them; one a core is enough.
    """

    def __init__(
        self, facts: EngineFacts, *, module: str, prepare: Callable[[], tuple[str, ...]], processes: int
    ) -> None:
        self._facts = facts
        self._module = module
        self._prepare = prepare
        self._processes = processes
        self._requests = itertools.count(1)
        self._workers: list[Worker] = []

    @property
    def facts(self) -> EngineFacts:
        """Which engine this is."""
        return self._facts

    @property
    def pids(self) -> tuple[int | None, ...]:
        """The process ids, ``None`` for one that is being started."""
        return tuple(worker.pid for worker in self._workers)

    async def start(self) -> None:
        """Prepare the files, start the processes and wait until all are warm.

        Raises:
            Unavailable: The engine is not installed, lacks its model or does not start.
            Malformed: A file it is made from cannot be read.
        """
        arguments = await asyncio.to_thread(self._prepare)
        self._workers = [Worker(self._facts.vendor, self._module, arguments) for _ in range(self._processes)]
        await asyncio.gather(*(worker.start() for worker in self._workers))

    async def close(self) -> None:
        """Stop the processes; open utterances end with ``Unavailable``."""
        workers, self._workers = self._workers, []
        await asyncio.gather(*(worker.close() for worker in workers))

    def for_call(self) -> "PooledRecogniser":
        """The pool for one call."""
        return PooledRecogniser(self)

    def open(self) -> PipedUtterance:
        """Begin to listen to somebody, on the process with the least to do.

        Raises:
            Unavailable: The pool is not started.
        """
        if not self._workers:
            raise Unavailable(f"the recogniser {self._facts.name} is not started")
        return min(self._workers, key=lambda worker: worker.load).open(next(self._requests))


class PooledRecogniser:
    """``Recogniser`` of one call over the pool that all calls share."""

    def __init__(self, pool: ProcessPool) -> None:
        self._pool = pool

    @property
    def facts(self) -> EngineFacts:
        """Which engine this is."""
        return self._pool.facts

    def open(self) -> PipedUtterance:
        """Begin to listen to somebody.

        Raises:
            Unavailable: The pool is not started.
        """
        return self._pool.open()

    async def close(self) -> None:
        """The processes stay: other calls use them."""
