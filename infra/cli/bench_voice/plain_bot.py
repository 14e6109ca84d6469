"""A plain Pipecat bot for Twilio, as Pipecat's guide writes it: ``python -m infra.cli.bench_voice.plain_bot <order>``.

Stock components with their defaults; only the models behind the three services are stubs.
"""

import sys
from dataclasses import fields
from itertools import count
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, WebSocket
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import (
    Frame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMRunFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair, LLMUserAggregatorParams
from pipecat.processors.frame_processor import FrameDirection
from pipecat.runner.utils import parse_telephony_websocket
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.services.llm_service import LLMService
from pipecat.services.settings import LLMSettings
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.workers.runner import WorkerRunner

from infra.cli.bench_voice.corpus import load
from infra.cli.bench_voice.orders import SystemOrder, read_order
from infra.cli.bench_voice.services import StubSTT, StubTTS
from infra.cli.bench_voice.stubs import StubModels, Transcripts

UNSET: dict[str, Any] = {field.name: None for field in fields(LLMSettings) if field.name != "extra"}
SETTINGS = LLMSettings(**UNSET)


class StubLLM(LLMService):
    """Streams the next reply for every context."""

    def __init__(self, models: StubModels) -> None:
        super().__init__(settings=SETTINGS)
        self._models = models

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Answer a context; pass everything else on."""
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMContextFrame):
            await self.push_frame(frame, direction)
            return
        await self.push_frame(LLMFullResponseStartFrame())
        async for token in self._models.tokens():
            await self._push_llm_text(token)
        await self.push_frame(LLMFullResponseEndFrame())


async def run_bot(websocket: WebSocket, models: StubModels) -> None:
    """One call."""
    _, call = await parse_telephony_websocket(websocket)
    serializer = TwilioFrameSerializer(
        stream_sid=call["stream_id"],
        call_sid=call["call_id"],
        params=TwilioFrameSerializer.InputParams(auto_hang_up=False),  # the benchmark has no carrier's REST API
    )
    transport = FastAPIWebsocketTransport(
        websocket=websocket,
        params=FastAPIWebsocketParams(
            audio_in_enabled=True, audio_out_enabled=True, add_wav_header=False, serializer=serializer
        ),
    )
    context = LLMContext([{"role": "system", "content": "You are a helpful assistant on a telephone call."}])
    aggregators = LLMContextAggregatorPair(
        context, user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
    )
    pipeline = Pipeline(
        [
            transport.input(),
            StubSTT(models),
            aggregators.user(),
            StubLLM(models),
            StubTTS(models),
            transport.output(),
            aggregators.assistant(),
        ]
    )
    worker = PipelineWorker(
        pipeline,
        params=PipelineParams(
            audio_in_sample_rate=8_000, audio_out_sample_rate=8_000, enable_metrics=True, enable_usage_metrics=True
        ),
    )

    async def connected(*_: object) -> None:
        context.add_message({"role": "system", "content": "Say hello."})
        await worker.queue_frames([LLMRunFrame()])

    async def disconnected(*_: object) -> None:
        await worker.cancel()

    transport.add_event_handler("on_client_connected", connected)
    transport.add_event_handler("on_client_disconnected", disconnected)

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()


def build_app(order: SystemOrder) -> FastAPI:
    """The application: a health page and the media socket."""
    app = FastAPI()
    transcripts = Transcripts(load(order.corpus))
    numbers = count()

    @app.get("/ready")
    async def ready() -> dict[str, bool]:
        return {"ready": True}

    @app.websocket("/w/{worker}/{attempt}")
    async def stream(websocket: WebSocket, worker: str, attempt: str) -> None:
        await websocket.accept()
        await run_bot(websocket, StubModels(transcripts, order.delays, seed=next(numbers), answers=order.has_models))

    return app


def main() -> None:
    """Serve until a signal."""
    logger.remove()
    logger.add(sys.stderr, level="WARNING")
    order = read_order(SystemOrder, Path(sys.argv[1]))
    uvicorn.run(build_app(order), host="127.0.0.1", port=order.port, log_level="error")


if __name__ == "__main__":
    main()
