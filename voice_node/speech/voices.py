"""The voices of a node, as the settings have them: engines, failover, prepared speech, and the premium tier."""

import logging
from collections.abc import Callable, Coroutine
from datetime import date
from pathlib import Path
from typing import Any

from shared.conversation import CallBrief, ConversationState
from shared.conversation.script import script_of
from shared.kernel.errors import Unavailable
from shared.kernel.ids import SellerId
from shared.voice_settings import LocalEngine, PremiumSettings, VoiceSettings
from voice_node.breaker import Breaker
from voice_node.observers.usage import UsageMeter
from voice_node.speech.espeak import EspeakEngine
from voice_node.speech.mulaw import to_mulaw
from voice_node.speech.premium import PremiumVoice
from voice_node.speech.prepared.cache import AudioCache, RemoteShelf
from voice_node.speech.prepared.preparation import Preparation
from voice_node.speech.prepared.shelves import DiskShelf, MemoryShelf
from voice_node.speech.prepared.texts import person_texts, script_texts, seller_texts, spanish_texts
from voice_node.speech.prepared.voice import PreparedVoice
from voice_node.speech.script_voice import voice_of
from voice_node.speech.synthesis.failover import Failover, Stage
from voice_node.speech.synthesis.local.engines import kokoro_engine, piper_engine
from voice_node.speech.synthesis.metered import Metered
from voice_node.speech.synthesis.native import SPANISH, NativeVoice
from voice_node.speech.synthesis.port import Synthesiser
from voice_node.speech.synthesis.process_engine import ProcessEngine
from voice_node.speech.synthesis.processor import SpeechService
from voice_node.speech.voice import Voice

log = logging.getLogger(__name__)

LOCAL_FIRST_BYTE_SECONDS, LOCAL_STALL_SECONDS = 1.0, 2.0


class NodeVoices:
    """What the calls of a worker speak with. eSpeak stands behind all others, named or not.

    Args:
        settings: The local tier.
        premium: The premium tier; without a key there is none.
        models: The folder of models.
        redis: Where workers share prepared speech, if anywhere.
        now: Seconds that never go back.
        today: The day whose prices hold.
    """

    def __init__(
        self,
        settings: VoiceSettings,
        premium: PremiumSettings,
        *,
        models: Path,
        redis: RemoteShelf | None,
        now: Callable[[], float],
        today: Callable[[], date],
    ) -> None:
        order = settings.local if "espeak" in settings.local else (*settings.local, "espeak")
        self._engines = [local_engine(name, settings, models) for name in order]
        self._now = now
        self._breakers: dict[str, Breaker] = {}
        disk = DiskShelf(settings.prepared, settings.prepared_bytes) if settings.prepared_bytes else None
        self._cache = AudioCache(memory=MemoryShelf(settings.memory_bytes), remote=redis, disk=disk, now=now)
        self._premium = PremiumVoice(premium, now=now, today=today) if premium.is_configured else None
        self._preparation: Preparation | None = None
        self._scripts: set[tuple[str, SellerId, Voice]] = set()

    @property
    def vendor(self) -> str:
        """Whom a call's speech is paid to when nothing else is said."""
        return self._engines[0].vendor

    async def start(self) -> None:
        """Start every local engine; one that does not start is left out while another does.

        Raises:
            Unavailable: None of them starts.
        """
        standing, fault = [], Unavailable("there is no voice")
        for engine in self._engines:
            try:
                await engine.start()
            except Unavailable as failed:
                fault = failed
                log.error("A voice does not start", extra={"engine": engine.name, "why": str(failed)})  # noqa: TRY400
            else:
                standing.append(engine)
        if not standing:
            raise fault
        self._engines = standing
        self._preparation = Preparation(standing[0], self._cache, idle=standing[0].idle)

    async def close(self) -> None:
        """Stop every engine."""
        for engine in self._engines:
            await engine.close()
        if self._premium:
            await self._premium.close()

    def work(self) -> dict[str, Coroutine[Any, Any, None]]:
        """What runs beside the calls."""
        assert self._preparation
        work = {"prepared speech": self._preparation.run()}
        return work | ({"voice quota": self._premium.quota.watch()} if self._premium else {})

    async def render_mulaw(self, text: str, voice: Voice) -> bytes:
        """The whole text as mu-law at 8,000 Hz, by the first local engine that speaks."""
        local = Failover([self._stage(engine) for engine in self._engines])
        return to_mulaw(b"".join([pcm async for pcm in local.synthesise(text, voice)]))

    def for_call(self, brief: CallBrief, usage: UsageMeter, state: Callable[[], ConversationState]) -> SpeechService:
        """The speech processor of one call; what its script says is prepared from now on."""
        voice = voice_of(brief)
        self._prepare(brief, voice)
        metered = [PreparedVoice(Metered(engine, usage.synthesised), self._cache) for engine in self._engines]
        local = [self._stage(each) for each in metered]
        if self._premium is None:
            return SpeechService(self._with_spanish(Failover(local), brief, usage), voice)
        tiers = self._premium.for_call(brief, usage, state, local=local)
        return SpeechService(self._with_spanish(tiers, brief, usage), voice, on_turn=tiers.begin_turn)

    def _with_spanish(self, own: Synthesiser, brief: CallBrief, usage: UsageMeter) -> Synthesiser:
        """The voice with eSpeak, where it stands, for what the script says in Spanish."""
        espeak = next((engine for engine in self._engines if engine.name == "espeak"), None)
        if espeak is None:
            return own
        native = Failover([self._stage(Metered(espeak, usage.synthesised))])
        return NativeVoice(own, native, dict.fromkeys(spanish_texts(script_of(brief)), SPANISH))

    def _prepare(self, brief: CallBrief, voice: Voice) -> None:
        assert self._preparation
        script = script_of(brief)
        self._preparation.want(person_texts(brief, script), voice, is_personal=True)
        if (script.fingerprint, brief.seller_id, voice) not in self._scripts:
            self._scripts.add((script.fingerprint, brief.seller_id, voice))
            self._preparation.want(script_texts(script), voice)
            self._preparation.want(seller_texts(brief, script), voice)

    def _stage(self, engine: Synthesiser) -> Stage:
        return Stage(
            engine=engine,
            breaker=self._breaker(engine.name),
            first_byte_seconds=LOCAL_FIRST_BYTE_SECONDS,
            stall_seconds=LOCAL_STALL_SECONDS,
        )

    def _breaker(self, name: str) -> Breaker:
        return self._breakers.setdefault(name, Breaker(self._now))


def local_engine(name: LocalEngine, settings: VoiceSettings, models: Path) -> ProcessEngine:
    """An engine of the local tier, not started."""
    match name:
        case "piper":
            return piper_engine(models, settings.piper, threads=settings.threads)
        case "kokoro":
            return kokoro_engine(models, settings.kokoro, threads=settings.threads)
        case "espeak":
            return EspeakEngine()
