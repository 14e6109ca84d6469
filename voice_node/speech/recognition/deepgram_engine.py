"""Deepgram's live transcription by its own SDK: one connection a call."""

import asyncio

import httpx
from deepgram import AsyncDeepgramClient
from deepgram.environment import DeepgramClientEnvironment

from shared.kernel.errors import Unavailable
from voice_node.speech.recognition.deepgram_faults import LINE_ERRORS, named
from voice_node.speech.recognition.deepgram_stream import CONNECT_SECONDS, KEEP_ALIVE_SECONDS, DeepgramStream
from voice_node.speech.recognition.port import EngineFacts

NAME = "deepgram"
SLOWEST_FINAL_SECONDS = 0.55
"""The voice detector's 0.2 s and the answer to a flush: 0.35 s is what Pipecat 1.14 reckons with for Deepgram."""
OPTIONS = {
    "language": "en-US",
    "encoding": "mulaw",
    "sample_rate": "8000",
    "channels": "1",
    "interim_results": "true",
    "endpointing": "false",  # turns end where our voice detector says; a flush asks for the final text
    "punctuate": "false",
    "mip_opt_out": "true",  # what callers say teaches nobody's model
}


class DeepgramEngine:
    """``RecognitionEngine`` in the cloud.

    Args:
        key: The project's API key.
        base_url: Where Deepgram is reached, ``https://`` or ``http://``.
        model: Such as ``nova-3``.
        keep_alive_seconds: How long a stream may be silent.
    """

    def __init__(self, *, key: str, base_url: str, model: str, keep_alive_seconds: float = KEEP_ALIVE_SECONDS) -> None:
        self._keep_alive_seconds = keep_alive_seconds
        self._key = key
        self._base_url = base_url.rstrip("/")
        self._options = {"model": model, **OPTIONS}
        self._http: httpx.AsyncClient | None = None
        self._client: AsyncDeepgramClient | None = None
        self._facts = EngineFacts(
            name=NAME,
            vendor="deepgram_nova",
            version=f"deepgram {model}",
            slowest_final_seconds=SLOWEST_FINAL_SECONDS,
        )

    @property
    def facts(self) -> EngineFacts:
        """Which engine this is."""
        return self._facts

    async def start(self) -> None:
        """Prepare the client. Nothing is asked yet: Deepgram may be away now and there when a call comes.

        Raises:
            Unavailable: There is no key.
        """
        if not self._key:
            raise Unavailable("Deepgram needs a key: set DEEPGRAM_API_KEY")
        sockets = "ws" + self._base_url.removeprefix("http")
        self._http = httpx.AsyncClient()
        self._client = AsyncDeepgramClient(
            api_key=self._key,
            httpx_client=self._http,
            environment=DeepgramClientEnvironment(
                base=self._base_url, production=sockets, agent=sockets, agent_rest=self._base_url
            ),
        )

    def for_call(self) -> DeepgramStream:
        """A connection for one call, on its way when this returns."""
        assert self._client, "the engine is started first"
        return DeepgramStream(self._facts, self._client, self._options, keep_alive_seconds=self._keep_alive_seconds)

    async def probe(self) -> None:
        """Open a stream and close it: whether a call could be heard now.

        Raises:
            RecognitionFault: It could not; the message says why.
        """
        assert self._client, "the engine is started first"
        try:
            async with asyncio.timeout(CONNECT_SECONDS), self._client.listen.v1.connect(**self._options) as socket:
                await socket.send_close_stream()
        except LINE_ERRORS as error:
            raise named(error) from error

    async def close(self) -> None:
        """Let the client go."""
        if self._http:
            await self._http.aclose()
        self._http = self._client = None
