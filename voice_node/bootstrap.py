"""The voice node's composition root: the only place in this process that names concrete classes."""

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy import Engine

from shared.adapters.redis.connect import make_async_redis, make_bytes_redis
from shared.adapters.redis.control import ControlReceiver
from shared.adapters.redis.live_feed import LiveFeedWriter
from shared.adapters.redis.saved_calls import RedisSavedCalls
from shared.adapters.redis.worded_lines import RedisWordedLines
from shared.adapters.redis.worker_lease import WorkerLease
from shared.conversation.guards import is_opt_out
from shared.kernel.clock import CivilClock, Clock
from shared.kernel.errors import Unavailable
from shared.kernel.ids import new_id
from shared.storage.analyses import SqlAnalysisRepository
from shared.storage.appointments import SqlAppointmentRepository
from shared.storage.briefs import SqlBriefRepository
from shared.storage.campaigns import SqlCampaignRepository
from shared.storage.engine import make_engine
from shared.storage.outbox import SqlOutbox
from shared.storage.prompts import SqlPromptRepository
from shared.storage.reports import SqlReportRepository
from shared.storage.suppressions import SqlSuppressionRepository
from voice_node.admission_number import slots_of
from voice_node.agents.graph import GraphDecider
from voice_node.agents.remembering import Remembering, remember
from voice_node.agents.talkers import talkers
from voice_node.analyses import Analyses
from voice_node.background import adopt_pipecat_logs, replay_on, running
from voice_node.brains.choice import Cache, RunningBrain, installation_of, models_by_purpose, running_brain
from voice_node.brains.extraction import PoolExtractor
from voice_node.brains.questions import Purpose
from voice_node.browser.talks import Talks
from voice_node.carrier import carrier_line
from voice_node.config import NodeConfig
from voice_node.desk import Desk
from voice_node.errands import Errands
from voice_node.jobs import Renders
from voice_node.kit import CallKit, SpeechEngines
from voice_node.live import RedisLive
from voice_node.media.recorder import make_recorder
from voice_node.pool.family import cores
from voice_node.server import build_app
from voice_node.speech.ears import make_ears
from voice_node.speech.recognition import RecognitionEngine
from voice_node.speech.recognition.speech_to_text import SpeechToText
from voice_node.speech.running_voices import running_voices
from voice_node.speech.voice import Voice
from voice_node.speech.voices import NodeVoices
from voice_node.spool import Spool
from voice_node.warm_up import open_connections, warm_up_conversation, warm_up_models
from voice_node.workers import Admission, WorkerName

log = logging.getLogger(__name__)
DATABASE_CONNECTIONS, DESK_THREADS = 6, 16
ANALYSES_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Node:
    """A running worker: its application, and its door."""

    app: FastAPI
    admission: Admission


@asynccontextmanager
async def start_node(config: NodeConfig) -> AsyncIterator[Node]:
    """A worker with everything warm, ready when this yields; calls must have ended before it closes.

    Raises:
        Unavailable: A speech engine does not start.
    """
    adopt_pipecat_logs()
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(DESK_THREADS, thread_name_prefix="desk"))
    async with AsyncExitStack() as closing:
        clock = CivilClock(machine_now=lambda: datetime.now(UTC), civil_time=config.clock.civil_time)
        database = make_engine(
            config.database.url, pool_size=DATABASE_CONNECTIONS, application_name=f"voice-node {config.worker.worker}"
        )
        closing.callback(database.dispose)
        redis = make_async_redis(config.redis.url)
        closing.push_async_callback(redis.aclose)
        name = WorkerName(worker=config.worker.worker, epoch=new_id())
        admission = Admission(_lease(config, name, redis))
        live = RedisLive(feed=LiveFeedWriter(redis), control=ControlReceiver(redis))
        desk = _desk(config, database, clock)
        decider = GraphDecider()
        remembering = _remembering(config, clock)
        closing.push_async_callback(remembering.close)
        voices = await closing.enter_async_context(
            running_voices(config.voices, redis_url=config.redis.url, now=time.monotonic, today=_today)
        )
        workers = config.worker.workers or cores()
        decoders = max(1, cores() // workers)
        ears = make_ears(config.speech, cache=config.worker.cache, processes=decoders)
        await ears.start()
        closing.push_async_callback(ears.close)
        carrier = await closing.enter_async_context(carrier_line(config.twilio))
        recorder = make_recorder(
            config.recording, folder=config.worker.spool / "recordings" / config.worker.worker, clock=clock
        )
        if recorder is not None:
            closing.callback(recorder.close)
        thinking = await closing.enter_async_context(_thinking(config, redis, workers))
        kit = CallKit(
            name=name,
            clock=clock,
            desk=desk,
            engines=_engines(ears, voices),
            brain=thinking.brain,
            model=thinking.model,
            make_talker=talkers(
                decider, memories=remembering.memories, clock=clock, extractor=_extractor(thinking, Purpose.EXTRACTION)
            ),
            is_opt_out=is_opt_out,
            live=live,
            hang_up=carrier.hang_up,
            transfer=carrier.transfer,
            recordings=recorder,
            memories=remembering.memories,
        )
        errands = _errands(config, database, clock, voices=voices, thinking=thinking)
        with suppress(Unavailable):
            await admission.lease.beat(ready=False)  # nobody dials for our former life while this one warms up
        await warm_up_models()
        await open_connections(database, DATABASE_CONNECTIONS)
        await voices.render_mulaw("Hello.", Voice(name="en-us"))
        await warm_up_conversation(decider)
        work = {"beat": admission.beat_on(), "live": live.write_on(), "spool": replay_on(desk), **errands}
        work |= remembering.work()
        work |= voices.work() | ({"recordings": recorder.deliver_on()} if recorder else {})
        await closing.enter_async_context(running(admission, **work))
        closing.push_async_callback(_give_up, admission)
        secret = config.node.call_token_secret
        talks = Talks(kit=kit, admission=admission, token_secret=secret, settings=config.talk)
        closing.push_async_callback(talks.close)
        gc.collect()
        gc.freeze()
        admission.is_ready = True
        app = build_app(kit=kit, admission=admission, token_secret=secret)
        app.include_router(talks.router)
        yield Node(app=app, admission=admission)
        admission.is_ready = False


def _thinking(config: NodeConfig, redis: Redis, workers: int) -> AbstractAsyncContextManager[RunningBrain]:
    cache = Cache(lines=RedisWordedLines(redis), installation=installation_of(config.database.url))
    return running_brain(config.brain, workers=workers, cache=cache)


def _remembering(config: NodeConfig, clock: Clock) -> Remembering:
    redis = make_bytes_redis(config.redis.url)
    return remember(
        RedisSavedCalls(redis),
        folder=config.worker.spool / "calls",
        worker=config.worker.worker,
        secret=config.node.call_token_secret,
        clock=clock,
        close=redis.aclose,
    )


def _errands(
    config: NodeConfig, database: Engine, clock: Clock, *, voices: NodeVoices, thinking: RunningBrain
) -> dict[str, Coroutine[Any, Any, None]]:
    """What the control plane asks for: rendering holds up nobody who waits to be analysed, nor the other way round."""
    outbox = SqlOutbox(database)
    renders = Renders(
        outbox=outbox,
        openings=SqlCampaignRepository(database),
        prompts=SqlPromptRepository(database),
        renderer=voices,
        clock=clock,
    )
    analyses = Analyses(
        kept=SqlAnalysisRepository(database),
        clock=clock,
        summariser=_extractor(thinking, Purpose.SUMMARY),
        extractor=_extractor(thinking, Purpose.EXTRACTION),
        model=models_by_purpose(config.brain)[Purpose.SUMMARY],
    )
    return {
        "renders": Errands(outbox=outbox, takes={"render": renders}, clock=clock).run(),
        "analyses": Errands(
            outbox=outbox, takes={"analyse": analyses}, clock=clock, at_once=1, idle_seconds=ANALYSES_SECONDS
        ).run(),
    }


def _extractor(thinking: RunningBrain, purpose: Purpose) -> PoolExtractor | None:
    return PoolExtractor(thinking.models, purpose) if thinking.models is not None else None


def _today() -> date:
    return datetime.now(UTC).date()


def _lease(config: NodeConfig, name: WorkerName, redis: Redis) -> WorkerLease:
    return WorkerLease(
        redis, worker=name.worker, epoch=name.epoch, url=config.worker.public_url, slots=slots_of(config.worker)
    )


def _engines(ears: RecognitionEngine, voices: NodeVoices) -> SpeechEngines:
    return SpeechEngines(
        speech_to_text=lambda _, usage: SpeechToText(ears.for_call(), report_seconds=usage.recognised),
        text_to_speech=voices.for_call,
        speech_to_text_vendor=ears.facts.vendor,
        text_to_speech_vendor=voices.vendor,
    )


def _desk(config: NodeConfig, database: Engine, clock: Clock) -> Desk:
    return Desk(
        briefs=SqlBriefRepository(database, clock),
        reports=SqlReportRepository(database),
        suppressions=SqlSuppressionRepository(database),
        appointments=SqlAppointmentRepository(database),
        spool=Spool(config.worker.spool / f"{config.worker.worker}.jsonl"),
        clock=clock,
    )


async def _give_up(admission: Admission) -> None:
    with suppress(Unavailable):
        await admission.lease.give_up()
