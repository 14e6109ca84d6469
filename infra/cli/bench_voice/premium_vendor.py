"""The premium voice's vendor in the benchmark: the stand-in on a thread of its own, well or with one of its faults."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Literal

from infra.cli.bench_voice.delays import REALISTIC
from infra.cli.bench_voice.premium_sound import premium_sound
from infra.simulator.elevenlabs import Account, Behaviour, running_elevenlabs
from shared.kernel.errors import Unavailable

Fault = Literal["refuses", "breaks", "is slow", "is spent"]
START_SECONDS = 10.0
EVERY = 2
"""A fault meets one text of so many: one that met all would soon meet none, because the node asks no longer."""
BREAKS_AFTER_CHARACTERS = 8
"""Half a second of sound: less than a clause."""
SLOW_SECONDS = 5.0
FEW_SOCKETS, MANY_SOCKETS = 1, 10


class Vendor:
    """The stand-in at ``url``, its account, and its present fault."""

    def __init__(self) -> None:
        self.account = Account(sound_of=premium_sound, character_limit=1_000_000)
        self.behaviour = Behaviour(first_byte_seconds=self._first_byte)
        self.url = ""
        self._fault: Fault | None = None
        self._texts = 0
        self._struck = 0
        self._dice = Random(5)

    def have(self, fault: Fault | None) -> None:
        """Behave so from now on; an account that is spent is so by somebody else, when ``spend`` is called."""
        self._fault = fault
        most = FEW_SOCKETS if fault == "refuses" else MANY_SOCKETS
        self.behaviour.most_sockets = self.account.open_sockets + most
        self.behaviour.is_busy = lambda: fault == "refuses" and self._strikes()
        self.behaviour.drop_after_characters = lambda: (
            BREAKS_AFTER_CHARACTERS if fault == "breaks" and self._strikes() else None
        )

    @property
    def faults(self) -> int:
        """How many texts met a fault so far."""
        return self._struck + self.account.refused

    def spend(self) -> None:
        """Nothing is left of the account from now on."""
        self.account.characters_used = self.account.character_limit

    def _strikes(self) -> bool:
        self._texts += 1
        strikes = self._texts % EVERY == 0
        self._struck += strikes
        return strikes

    def _first_byte(self) -> float:
        if self._fault == "is slow" and self._strikes():
            return SLOW_SECONDS
        return REALISTIC.seconds(REALISTIC.first_sound_ms, self._dice)


@contextmanager
def running_vendor() -> Iterator[Vendor]:
    """A vendor that answers until the block ends.

    Raises:
        Unavailable: It does not start.
    """
    vendor, ready = Vendor(), threading.Event()
    loop = asyncio.new_event_loop()
    over = asyncio.Event()

    async def serve() -> None:
        async with running_elevenlabs(vendor.account, vendor.behaviour) as vendor.url:
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), name="premium vendor")
    thread.start()
    try:
        if not ready.wait(START_SECONDS):
            raise Unavailable("the premium voice's stand-in does not start")
        yield vendor
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
