"""The premium voice of a node: its sockets, what its account has left, and whether a turn is worth it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import httpx

from shared.conversation import CallBrief, ConversationState
from shared.conversation.score import score
from shared.conversation.voice_tier import TierDecision, TierFacts, TierRule, decide_tier
from shared.costs import Component, Unit, Usage
from shared.costs.price_table import price_table
from shared.kernel.money import Money
from shared.voice_settings import PremiumSettings
from voice_node.breaker import LONG_REST_SECONDS, Breaker
from voice_node.observers.usage import UsageMeter
from voice_node.speech.script_voice import voice_of
from voice_node.speech.synthesis.cover import Cover
from voice_node.speech.synthesis.elevenlabs.account import ElevenLabsAccount
from voice_node.speech.synthesis.elevenlabs.config import ElevenLabsConfig, PronunciationDictionary
from voice_node.speech.synthesis.elevenlabs.engine import ElevenLabsEngine
from voice_node.speech.synthesis.elevenlabs.quota import QuotaWatch
from voice_node.speech.synthesis.failover import Failover, Stage
from voice_node.speech.synthesis.levelled import Levelled, Levels
from voice_node.speech.synthesis.metered import Metered
from voice_node.speech.synthesis.port import SynthesisFailed
from voice_node.speech.synthesis.tiers import TieredVoice
from voice_node.speech.voice import Voice

ACCOUNT_SECONDS = 5.0
EVERYBODY = "*"
FAST_MODELS = ("flash", "turbo")
FIRST_BYTE_SECONDS, STALL_SECONDS = 0.25, 0.25
"""No pause becomes 300 ms longer than the others, with the local voice ready when our patience ends."""
HEAD_START_SECONDS = 0.15
"""So long before that the local voice begins to make its first sound, in case it is wanted."""


def elevenlabs_config(settings: PremiumSettings) -> ElevenLabsConfig:
    """The settings as the engine reads them; the price row follows from the model."""
    is_fast = any(word in settings.model for word in FAST_MODELS)
    cast: Mapping[str, str] = settings.cast
    return ElevenLabsConfig(
        api_key=settings.api_key.get_secret_value(),
        default_voice=cast[EVERYBODY],
        voices={ours: theirs for ours, theirs in cast.items() if ours != EVERYBODY},
        model=settings.model,
        vendor="elevenlabs_flash" if is_fast else "elevenlabs_multilingual",
        base_url=settings.base_url,
        dictionaries=tuple(
            PronunciationDictionary(dictionary_id=name, version_id=version) for name, version in settings.dictionaries
        ),
    )


class PremiumVoice:
    """What the calls of a worker share of the premium voice.

    Args:
        settings: With a key.
        now: Seconds that never go back.
        today: The day whose prices hold.
    """

    def __init__(self, settings: PremiumSettings, *, now: Callable[[], float], today: Callable[[], date]) -> None:
        config = elevenlabs_config(settings)
        self.engine = ElevenLabsEngine(config)
        self._levels = Levels()
        self._breaker = Breaker(now)
        self._now = now
        self._client = httpx.AsyncClient(
            base_url=config.base_url, headers={"xi-api-key": config.api_key}, timeout=ACCOUNT_SECONDS
        )
        self.quota = QuotaWatch(ElevenLabsAccount(self._client))
        self._today = today
        self._rule = TierRule(
            appointment_value=Money.usd(settings.appointment_value),
            uplift=settings.uplift,
            call_budget=Money.usd(settings.call_budget),
            hold_out=settings.hold_out,
        )

    async def close(self) -> None:
        """Close its sockets."""
        await self.engine.close()
        await self._client.aclose()

    def for_call(
        self, brief: CallBrief, usage: UsageMeter, state: Callable[[], ConversationState], *, local: Sequence[Stage]
    ) -> TieredVoice:
        """Both voices of one call, the local one as well where the premium one fails."""
        began, voice, cover = self._now(), voice_of(brief), Cover(self._now)

        async def spent(characters: int, vendor: str) -> None:
            self.quota.spent(characters)
            await usage.synthesised(characters, vendor)

        stage = Stage(
            engine=Levelled(Metered(self.engine, spent), self._levels),
            breaker=self._breaker,
            first_byte_seconds=FIRST_BYTE_SECONDS,
            stall_seconds=STALL_SECONDS,
            head_start_seconds=HEAD_START_SECONDS,
        )
        return TieredVoice(
            local=Failover(local),
            premium=Failover([stage, *local], cover=cover),
            decide=lambda turn: self._decide(
                turn, brief=brief, state=state(), usage=usage, seconds_over=self._now() - began
            ),
            record=usage.decided,
            warm=lambda: self._warm(voice),
            cover=cover,
        )

    async def _warm(self, voice: Voice) -> None:
        """Connect, unless the vendor has refused so often that it is better left alone."""
        if not self._breaker.allows():
            return
        try:
            await self.engine.warm(voice)
        except SynthesisFailed as failed:
            self._breaker.failed(rests_seconds=LONG_REST_SECONDS if failed.lasts else None)
            raise
        finally:
            # A connection is no speech yet: the next request tells.
            self._breaker.abandoned()

    def _decide(
        self, turn: int, *, brief: CallBrief, state: ConversationState, usage: UsageMeter, seconds_over: float
    ) -> TierDecision:
        """Which voice a turn of a call is spoken with, ``seconds_over`` after the call began."""
        scored = score(state, brief)
        facts = TierFacts(
            turn=turn,
            stage=state.stage,
            score=scored.points if scored else None,
            seconds_left=brief.time_limit.total_seconds() - seconds_over,
            spent=self._price(usage.characters(self.engine.vendor)),
            characters_left=self.quota.left,
            thousand_price=self._price(1_000),
            is_held_out=self._rule.is_held_out(brief.phone),
            is_ready=not self._breaker.is_open and self.engine.is_warm(voice_of(brief)),
        )
        return decide_tier(facts, self._rule)

    def _price(self, characters: int) -> Money:
        usage = Usage(
            component=Component.TEXT_TO_SPEECH,
            vendor=self.engine.vendor,
            quantity=Decimal(characters),
            unit=Unit.CHARACTER,
        )
        row, quantity = price_table().row_for(usage, on=self._today())
        return row.amount(quantity)
