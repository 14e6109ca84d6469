"""Two voices for one call: a decision at every turn's beginning, and never a change within a turn."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from shared.conversation.voice_tier import Tier, TierDecision, TierReason
from shared.kernel.errors import Unavailable
from voice_node.speech.synthesis.cover import Cover
from voice_node.speech.synthesis.port import Synthesiser
from voice_node.speech.voice import Voice

log = logging.getLogger(__name__)


class TieredVoice:
    """Speaks locally until a turn is decided to be worth the premium voice. Itself a synthesiser.

    A decision that lacks only the connection has it made behind the turn, so that the next turn finds it there.

    Args:
        local: The local tier, with its own failover.
        premium: The premium tier, whose failover ends with the local one.
        decide: Decides for a turn by its number.
        record: Keeps every decision.
        warm: Connects the premium voice ahead of need.
        cover: What is still to be heard of the turn, which the failovers go by.
    """

    def __init__(
        self,
        *,
        local: Synthesiser,
        premium: Synthesiser,
        decide: Callable[[int], TierDecision],
        record: Callable[[TierDecision], None],
        warm: Callable[[], Awaitable[None]],
        cover: Cover,
    ) -> None:
        self._local = local
        self._premium = premium
        self._decide = decide
        self._record = record
        self._warm = warm
        self._cover = cover
        self._warming: asyncio.Task[None] | None = None
        self._tier = Tier.LOCAL
        self.name, self.vendor, self.version = local.name, local.vendor, local.version

    def begin_turn(self, turn: int) -> None:
        """A turn of the agent begins: whoever is chosen now speaks all of it."""
        self._cover.begin()
        decision = self._decide(turn)
        self._record(decision)
        if decision.tier is not self._tier:
            log.info(
                "The voice changes",
                extra={"tier": decision.tier, "reason": decision.reason, "turn": turn, "score": decision.score},
            )
        self._tier = decision.tier
        if decision.reason is TierReason.NOT_READY and (self._warming is None or self._warming.done()):
            self._warming = asyncio.create_task(self._connect())

    async def synthesise(self, text: str, voice: Voice) -> AsyncGenerator[bytes]:
        """Speak with the voice of this turn."""
        chosen = self._premium if self._tier is Tier.PREMIUM else self._local
        async with aclosing(chosen.synthesise(text, voice)) as pieces:
            async for pcm in pieces:
                yield pcm

    async def _connect(self) -> None:
        try:
            await self._warm()
        except Unavailable:
            log.warning("The premium voice cannot be reached")
