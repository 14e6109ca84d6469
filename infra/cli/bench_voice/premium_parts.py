"""What our node has more when it is measured with a premium voice: the voice itself, and a lead that is worth it."""

import time
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal

from pydantic import SecretStr

from infra.cli.bench_voice.orders import CIVIL_MOMENT
from infra.cli.bench_voice.steady import SteadyDriver
from infra.simulator.elevenlabs import Account
from shared.conversation import Move
from shared.voice_settings import PremiumSettings
from voice_node.agents.driver import Driver
from voice_node.breaker import Breaker
from voice_node.speech.premium import PremiumVoice
from voice_node.speech.synthesis.failover import Stage
from voice_node.speech.synthesis.port import Synthesiser
from voice_node.speech.voices import LOCAL_FIRST_BYTE_SECONDS, LOCAL_STALL_SECONDS

APPOINTMENT_VALUE = Decimal(4)
"""In US dollars: with it the rest of a call is worth the vendor's price for the lead that pays cash, and not before."""
PROMISING = "in the spring and we are paying cash"
PLAIN_TURNS = 1


class PromisingDriver(SteadyDriver):
    """A conversation that stands still, and after some turns stands still with a lead that promises more.

    The same question is open in both; the score differs, and the node's own rule goes by that.
    """

    _answered = 0

    async def open(self, early_words: str) -> AsyncIterator[Move]:
        """As the plain one; what will be known later is found out by a conversation on the side."""
        async for move in super().open(early_words):
            yield move
        other = Driver(self._brief, decider=self._decider, actions=self._actions, clock=self._clock)
        async for _ in other.open(""):
            pass
        for words in ("yes this is alex", PROMISING):
            async for _ in other.heard(words):
                pass
        self._promises = other.state

    async def heard(self, text: str, foreseen: Move | None = None) -> AsyncIterator[Move]:
        """The answer to what the caller said; behind it the next one may be answered as somebody else's."""
        async for move in super().heard(text, foreseen):
            yield move
        self._answered += 1
        if self._answered == PLAIN_TURNS:
            self._stands = self._promises


def premium_voice(url: str) -> PremiumVoice:
    """The node's own premium voice at the stand-in's address."""
    settings = PremiumSettings.model_construct(
        **{
            **PremiumSettings().model_dump(),
            "api_key": SecretStr(Account().api_key),
            "cast": {"*": Account().voices[0]["voice_id"]},
            "base_url": url,
            "appointment_value": APPOINTMENT_VALUE,
            "call_budget": Decimal(1),
            "hold_out": Decimal(0),
        }
    )
    return PremiumVoice(settings, now=time.monotonic, today=_today)


def local_stage(engine: Synthesiser, breaker: Breaker) -> Stage:
    """The local voice as the node has it."""
    return Stage(
        engine=engine,
        breaker=breaker,
        first_byte_seconds=LOCAL_FIRST_BYTE_SECONDS,
        stall_seconds=LOCAL_STALL_SECONDS,
    )


def _today() -> date:
    return CIVIL_MOMENT.date()
