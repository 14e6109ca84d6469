"""A call's connection to Deepgram: opened before anybody speaks, kept while nobody does, opened again if it breaks."""

import asyncio
import logging
from enum import Enum, auto

from deepgram import AsyncDeepgramClient
from deepgram.listen.v1.socket_client import AsyncV1SocketClient
from deepgram.listen.v1.types.listen_v1error import ListenV1Error
from deepgram.listen.v1.types.listen_v1results import ListenV1Results

from voice_node.speech.mulaw import to_mulaw
from voice_node.speech.recognition.deepgram_faults import LINE_ERRORS, is_final_word, named
from voice_node.speech.recognition.deepgram_utterance import DeepgramUtterance, Result
from voice_node.speech.recognition.faults import LineDropped, RecognitionFault, TooSlow
from voice_node.speech.recognition.port import BYTES_PER_SECOND, EngineFacts

log = logging.getLogger(__name__)

KEEP_ALIVE_SECONDS = 4.0
CONNECT_SECONDS, SEND_SECONDS, CLOSE_SECONDS = 2.0, 2.0, 0.5
REPLAYS = 1
WAITING_PIECES = 1_000
"""Of 20 to 250 ms each: a line that lets so many wait does not move."""
PIECE_BYTES = 4_000
EDGE_SECONDS = 0.02


class Order(Enum):
    """What is said on the line beside sound."""

    FLUSH = auto()
    KEEP_ALIVE = auto()
    CLOSE = auto()


class DeepgramStream:
    """``Recogniser`` of one call.

    Args:
        facts: Which engine this is.
        client: The SDK's, with key and address.
        options: Of the stream, as the SDK names them.
        keep_alive_seconds: How long it may be silent; Deepgram closes a stream that says nothing for 10 s.
    """

    def __init__(
        self,
        facts: EngineFacts,
        client: AsyncDeepgramClient,
        options: dict[str, str],
        *,
        keep_alive_seconds: float = KEEP_ALIVE_SECONDS,
    ) -> None:
        self._facts = facts
        self._client = client
        self._options = options
        self._keep_alive_seconds = keep_alive_seconds
        self._pending: list[DeepgramUtterance] = []
        self._begun: dict[DeepgramUtterance, tuple[float, float]] = {}
        self._outbox: asyncio.Queue[bytes | Order] = asyncio.Queue(WAITING_PIECES)
        self._position = 0.0
        self._is_over = False
        self._is_told = False
        self._running = asyncio.create_task(self._run(), name="deepgram")

    @property
    def facts(self) -> EngineFacts:
        """Which engine this is."""
        return self._facts

    def open(self) -> DeepgramUtterance:
        """Begin to listen; a broken line is opened again.

        Raises:
            LineDropped: The call is over.
        """
        if self._is_over:
            raise LineDropped("the line to Deepgram is closed")
        utterance = DeepgramUtterance(self, self._facts.vendor)
        self._pending.append(utterance)
        self._begin(utterance)
        if self._running.done():
            self._running = asyncio.create_task(self._run(), name="deepgram")
        return utterance

    async def close(self) -> None:
        """Say goodbye and hang up; utterances that are still open end with ``LineDropped``."""
        if self._is_over:
            return
        self._is_over = True
        if self._is_told:
            self._put(Order.CLOSE)
            await asyncio.wait({self._running}, timeout=CLOSE_SECONDS)
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        self._fail_all(LineDropped("the call is over"))

    def send(self, pcm: bytes) -> bool:
        """Hand over sound of the utterance that is being spoken, as mu-law: half the bytes, nothing lost.

        Without a connection nothing is sent: the utterance will be asked to say everything once there is one.
        """
        if self._is_told:
            for start in range(0, len(pcm), PIECE_BYTES):
                self._put(to_mulaw(pcm[start : start + PIECE_BYTES]))
            self._position += len(pcm) / BYTES_PER_SECOND
        return self._is_told

    def flush(self) -> None:
        """Ask for the final text of everything that was sent."""
        if self._is_told:
            self._put(Order.FLUSH)

    def leave(self, utterance: DeepgramUtterance) -> None:
        """Bring it no more results."""
        if utterance in self._pending:
            self._pending.remove(utterance)
        self._begun.pop(utterance, None)

    async def _run(self) -> None:
        """Keep one connection while there is use for it."""
        while not self._is_over:
            fault = await self._connection()
            self._is_told = False
            if self._is_over:
                return
            log.warning("speech stream broke", extra={"engine": self._facts.name, "fault": str(fault)})
            for utterance in tuple(self._pending):
                if is_final_word(fault) or utterance.replays >= REPLAYS:
                    utterance.fail(fault)
                utterance.replays += 1
            if not self._pending:
                return

    async def _connection(self) -> RecognitionFault:
        """One connection from its beginning to why it ended."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS) as patience:
                async with self._client.listen.v1.connect(**self._options) as socket:
                    patience.reschedule(None)
                    socket._websocket.close_timeout = CLOSE_SECONDS  # the SDK has no option for it: 10 s
                    return await self._talk(socket)
        except LINE_ERRORS as error:
            return named(error)

    async def _talk(self, socket: AsyncV1SocketClient) -> RecognitionFault:
        """Say what is open from its last final text on, then everything as it comes, and listen."""
        self._outbox, self._position, self._is_told = asyncio.Queue(WAITING_PIECES), 0.0, True
        for utterance in tuple(self._pending):
            self._begin(utterance)
            utterance.replay()
        both = asyncio.create_task(self._send_on(socket)), asyncio.create_task(self._receive(socket))
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if self._is_over and both[0] in done:  # our goodbye went out: the rest is theirs to say
                await both[1]
            return next(iter(done)).result()
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def _send_on(self, socket: AsyncV1SocketClient) -> RecognitionFault:
        while True:
            try:
                async with asyncio.timeout(self._keep_alive_seconds):
                    item = await self._outbox.get()
            except TimeoutError:
                item = Order.KEEP_ALIVE
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await _say(socket, item)
            except TimeoutError:
                return TooSlow("Deepgram does not take the sound")
            if item is Order.CLOSE:
                return LineDropped("the call is over")

    async def _receive(self, socket: AsyncV1SocketClient) -> RecognitionFault:
        async for message in socket:
            if isinstance(message, ListenV1Results):
                self._take(message)
            elif isinstance(message, ListenV1Error):
                return LineDropped(f"Deepgram says: {message.description}")
        return LineDropped("Deepgram closed the line")

    def _take(self, message: ListenV1Results) -> None:
        """Bring a result to the utterance whose sound it is about."""
        until = message.start + message.duration
        for utterance in tuple(self._pending):
            begun = self._begun.get(utterance)
            if begun is None:
                continue
            position, own = begun
            middle = message.start + message.duration / 2
            end = position + utterance.seconds - own
            if position <= middle <= end + EDGE_SECONDS and until > position + EDGE_SECONDS:
                best = message.channel.alternatives[0] if message.channel.alternatives else None
                utterance.take(
                    Result(
                        text=best.transcript if best else "",
                        confidence=best.confidence if best else 0.0,
                        until=own + until - position,
                        is_final=bool(message.is_final),
                        is_flush=bool(message.from_finalize),
                    )
                )
                return

    def _begin(self, utterance: DeepgramUtterance) -> None:
        """From here on the stream is about this utterance."""
        self._begun[utterance] = (self._position, utterance.settled_until)

    def _put(self, item: bytes | Order) -> None:
        try:
            self._outbox.put_nowait(item)
        except asyncio.QueueFull:
            self._fail_all(TooSlow("Deepgram does not take the sound"))

    def _fail_all(self, fault: RecognitionFault) -> None:
        for utterance in tuple(self._pending):
            utterance.fail(fault)


async def _say(socket: AsyncV1SocketClient, item: bytes | Order) -> None:
    if isinstance(item, bytes):
        await socket.send_media(item)
    elif item is Order.FLUSH:
        await socket.send_finalize()
    elif item is Order.KEEP_ALIVE:
        await socket.send_keep_alive()
    else:
        await socket.send_close_stream()
