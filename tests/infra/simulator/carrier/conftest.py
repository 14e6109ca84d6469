"""A carrier on a free port beside a server that plays the customer's side."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.infra.simulator.carrier.our_side import OurSide
from tests.infra.simulator.carrier.phones import Phone
from tests.infra.simulator.carrier.stage import Stage, as_client, new_carrier


class ToneVoice:
    """Says every word as 20 ms of one loud byte."""

    async def speak(self, text: str) -> bytes:
        return b"\x10" * 160 * len(text.split())


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    side = OurSide()
    media = await side.start()
    phones: dict[str, Phone] = {}
    carrier = new_carrier(phones, side.base, voice=ToneVoice())
    await carrier.start()
    async with as_client(carrier) as client:
        yield Stage(our_side=side, carrier=carrier, client=client, phones=phones)
    await asyncio.gather(carrier.stop(), side.stop(media))
