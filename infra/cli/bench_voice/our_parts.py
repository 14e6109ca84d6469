"""The composition root of our node in the benchmark: the node's own parts around stub models."""

import asyncio
import gc
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, aclosing
from datetime import timedelta
from itertools import count
from typing import Any

from pydantic import SecretStr

from infra.cli.bench_voice.corpus import load
from infra.cli.bench_voice.orders import CIVIL_MOMENT, EPOCH, SECRET, SystemOrder
from infra.cli.bench_voice.our_surroundings import Briefs, FixedClock, OwnLease, Reports, Unwatched
from infra.cli.bench_voice.premium_parts import PromisingDriver, local_stage, premium_voice
from infra.cli.bench_voice.services import StubSTT, StubVoice
from infra.cli.bench_voice.steady import SteadyDriver
from infra.cli.bench_voice.stubs import StubModels, Transcripts
from shared.adapters.memory import MemoryAppointmentRepository, MemoryStore, MemorySuppressionRepository
from shared.conversation import CallBrief, ConversationState
from shared.conversation.guards import is_opt_out
from shared.conversation.script import load_script, script_names
from shared.kernel.errors import Unavailable
from voice_node.agents.graph import GraphDecider
from voice_node.background import running
from voice_node.bootstrap import DESK_THREADS
from voice_node.brains.faults import ServerFailed, TooLate
from voice_node.brains.ollama import OllamaModel
from voice_node.brains.port import Brain
from voice_node.brains.questions import Listener, Question
from voice_node.brains.scripted import ScriptedModel
from voice_node.breaker import Breaker
from voice_node.desk import Desk
from voice_node.kit import CallKit, SpeechEngines
from voice_node.observers.usage import UsageMeter
from voice_node.serve import attend
from voice_node.server import build_app
from voice_node.speech.prepared.cache import AudioCache
from voice_node.speech.prepared.preparation import Preparation
from voice_node.speech.prepared.shelves import MemoryShelf
from voice_node.speech.prepared.texts import script_texts
from voice_node.speech.prepared.voice import PreparedVoice
from voice_node.speech.synthesis.metered import Metered
from voice_node.speech.synthesis.processor import SpeechService
from voice_node.speech.voice import Voice
from voice_node.spool import Spool
from voice_node.warm_up import warm_up_conversation, warm_up_models
from voice_node.workers import Admission, WorkerName

LLM_SECONDS = 0.9
DRAIN = timedelta(seconds=1)
PREPARED_BYTES = 50_000_000
VOICE = Voice(name="en-us")


class StubReplies:
    """A language model's server that streams the next reply, whatever it is asked."""

    def __init__(self, models: StubModels) -> None:
        self._models = models

    async def reply(self, question: Question, listener: Listener) -> None:
        """As the node's own way to its servers does, with the same patience."""
        try:
            async with asyncio.timeout(LLM_SECONDS) as limit:
                async for token in self._models.tokens():
                    if listener.take(token):
                        limit.reschedule(asyncio.get_running_loop().time() + LLM_SECONDS)
                    if listener.has_enough:
                        return
        except TimeoutError:
            raise TooLate("the stub is late") from None
        except Unavailable as away:
            raise ServerFailed("the stub is away") from away


class CallModels:
    """Which stub models belong to which call; every attempt has its own."""

    def __init__(self, order: SystemOrder) -> None:
        self._order = order
        self._transcripts = Transcripts(load(order.corpus))
        self._numbers = count()
        self._of: dict[str, StubModels] = {}

    def of(self, brief: CallBrief) -> StubModels:
        """The models of a call, made when first asked for."""
        if brief.attempt_id not in self._of:
            self._of[brief.attempt_id] = StubModels(
                self._transcripts, self._order.delays, seed=next(self._numbers), answers=self._order.has_models
            )
        return self._of[brief.attempt_id]


class PreparedVoices:
    """The node's own prepared speech around each call's voice; what scripts say was made before anybody calls."""

    def __init__(self, models: CallModels, order: SystemOrder) -> None:
        self._models = models
        self._cache = AudioCache(memory=MemoryShelf(PREPARED_BYTES), remote=None, disk=None, now=time.monotonic)
        nobody = StubModels(Transcripts([]), order.delays, seed=0, answers=order.has_models)
        self._preparation = Preparation(StubVoice(nobody), self._cache)
        self._premium = premium_voice(order.premium_url) if order.premium_url else None
        self._breaker = Breaker(time.monotonic)

    async def prepare(self) -> None:
        """Make what the scripts say."""
        for name in script_names():
            self._preparation.want(script_texts(load_script(name)), VOICE)
        making = asyncio.create_task(self._preparation.run())
        await self._preparation.all_made()
        making.cancel()

    def work(self) -> dict[str, Coroutine[Any, Any, None]]:
        """What runs beside the calls."""
        return {"voice quota": self._premium.quota.watch()} if self._premium else {}

    async def aclose(self) -> None:
        """Let the premium voice's sockets go."""
        if self._premium:
            await self._premium.close()

    def for_call(self, brief: CallBrief, usage: UsageMeter, state: Callable[[], ConversationState]) -> SpeechService:
        """The speech processor of one call."""
        speaks = PreparedVoice(Metered(StubVoice(self._models.of(brief)), usage.synthesised), self._cache)
        if self._premium is None:
            return SpeechService(speaks, VOICE)
        tiers = self._premium.for_call(brief, usage, state, local=[local_stage(speaks, self._breaker)])
        return SpeechService(tiers, VOICE, on_turn=tiers.begin_turn)


class BrainOfCalls:
    """The node's own model client in front of each call's language model."""

    def __init__(self, models: CallModels) -> None:
        self._models = models
        self._brains: dict[str, OllamaModel] = {}

    def word(self, brief: CallBrief, move: Any, heard: str) -> AsyncIterator[str]:
        """The move's lines, in order."""
        if brief.attempt_id not in self._brains:
            self._brains[brief.attempt_id] = OllamaModel(StubReplies(self._models.of(brief)))
        return self._brains[brief.attempt_id].word(brief, move, heard)


async def serve(order: SystemOrder, name: str, control: socket.socket, is_warm: Callable[[], None]) -> None:
    """One worker's life, as ``voice_node.serve`` has it."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(DESK_THREADS, thread_name_prefix="desk"))
    decider, models = GraphDecider(), CallModels(order)
    voices = PreparedVoices(models, order)
    clock, store = FixedClock(moment=CIVIL_MOMENT), MemoryStore()
    with ExitStack() as closing:
        desk = Desk(
            briefs=Briefs(),
            reports=closing.enter_context(Reports(order.notes)),
            suppressions=MemorySuppressionRepository(store),
            appointments=MemoryAppointmentRepository(store),
            spool=Spool(order.notes.with_name(f"{name}.spool")),
            clock=clock,
        )
        brain: Brain = ScriptedModel() if order.is_scripted else BrainOfCalls(models)
        driver = PromisingDriver if order.premium_url else SteadyDriver
        kit = CallKit(
            name=WorkerName(worker=name, epoch=EPOCH),
            clock=clock,
            desk=desk,
            engines=SpeechEngines(
                speech_to_text=lambda brief, _: StubSTT(models.of(brief)),
                text_to_speech=voices.for_call,
                speech_to_text_vendor="pocketsphinx",
                text_to_speech_vendor="espeak",
            ),
            brain=brain,
            make_talker=lambda brief, actions: driver(brief, decider=decider, actions=actions, clock=clock),
            is_opt_out=is_opt_out,
            live=Unwatched(),
            hang_up=_nobody_to_tell,
            transfer=_nobody_to_tell,
            recordings=None,
        )
        if order.has_models:
            await voices.prepare()
        await warm_up_models()
        await warm_up_conversation(decider)
        admission = Admission(OwnLease(order.slots))
        async with running(admission, beat=admission.beat_on(), **voices.work()), aclosing(voices):
            gc.collect()
            gc.freeze()
            admission.is_ready = True
            is_warm()
            app = build_app(kit=kit, admission=admission, token_secret=SecretStr(SECRET))
            await attend(app, admission, control, drain=DRAIN)


async def _nobody_to_tell(*_: str) -> None:
    """The benchmark's callers hang up themselves."""
