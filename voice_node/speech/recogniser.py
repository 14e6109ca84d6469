"""Speech recognition for any number of calls: a small pool of decoder processes."""

import asyncio
import itertools
from pathlib import Path

from shared.kernel.errors import Unavailable
from voice_node.speech.engine_process import EngineProcess
from voice_node.speech.framing import Kind, Message
from voice_node.speech.speech_model import SpeechModel, prepare_model
from voice_node.speech.utterance import Utterance

MODULE = "voice_node.speech.recogniser_process"


class Worker:
    """One decoder process and the utterances it hears; started again when it dies."""

    def __init__(self, model: SpeechModel, decoders: int) -> None:
        arguments = (str(model.language_model), str(model.dictionary), str(decoders))
        self._process = EngineProcess(MODULE, *arguments, on_message=self._deliver, on_death=self._restart)
        self._utterances: dict[int, Utterance] = {}
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
        """Start the process and wait until its decoders are loaded.

        Raises:
            Unavailable: It does not start.
        """
        await self._process.start()

    def open(self, request: int) -> Utterance:
        """Begin an utterance; a process that could not be restarted gets another chance."""
        utterance = self._utterances[request] = Utterance(self, request)
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
            if message.kind is Kind.DONE:
                self.forget(message.request)

    def _restart(self) -> None:
        self._restarting = asyncio.create_task(self._start_again(), name=f"restart {MODULE}")

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


class RecogniserPool:
    """The recogniser of a node.

    Args:
        cache: A folder for the language model and dictionary; made when missing.
        processes: How many decoder processes; one a core is enough.
        decoders: Utterances each process can hear at once without loading another decoder (15 ms).
    """

    def __init__(self, cache: Path, *, processes: int = 2, decoders: int = 4) -> None:
        self._cache = cache
        self._processes = processes
        self._decoders = decoders
        self._requests = itertools.count(1)
        self._workers: list[Worker] = []

    @property
    def pids(self) -> tuple[int | None, ...]:
        """The process ids, ``None`` for one that is being started."""
        return tuple(worker.pid for worker in self._workers)

    async def start(self) -> None:
        """Make the model if needed, start the processes and wait until all are warm.

        Raises:
            Unavailable: PocketSphinx is not installed or does not start.
            Malformed: A phrase file cannot be read.
        """
        model = await asyncio.to_thread(prepare_model, self._cache)
        self._workers = [Worker(model, self._decoders) for _ in range(self._processes)]
        await asyncio.gather(*(worker.start() for worker in self._workers))

    async def close(self) -> None:
        """Stop the processes; open utterances end with ``Unavailable``."""
        workers, self._workers = self._workers, []
        await asyncio.gather(*(worker.close() for worker in workers))

    def open(self) -> Utterance:
        """Begin to listen to somebody, on the process with the least to do.

        Raises:
            Unavailable: The pool is not started.
        """
        if not self._workers:
            raise Unavailable("the recogniser is not started")
        return min(self._workers, key=lambda worker: worker.load).open(next(self._requests))
