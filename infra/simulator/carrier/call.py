"""One call at the carrier, from the request to the bill."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from infra.simulator.carrier.legs import Leg
from infra.simulator.carrier.orders import Order
from infra.simulator.carrier.recorder import Recording
from infra.simulator.line import AnsweredBy

Status = Literal["queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"]
Direction = Literal["inbound", "outbound-api", "outbound-dial"]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the next instructions come from: an address to ask, or the text itself.

    ``fields`` are added to the request, ``Digits`` after a ``<Gather>`` for example.
    """

    url: str = ""
    method: str = "POST"
    twiml: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(kw_only=True)
class Call:
    """The state of a call. Times shown are civil; ``answered_at_seconds`` and the like are the loop's."""

    sid: str
    account_sid: str
    order: Order
    direction: Direction
    created_at: datetime
    updated_at: datetime
    phone_number_sid: str = ""
    parent_sid: str = ""
    status: Status = "queued"
    queue_milliseconds: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    answered_at_seconds: float | None = None
    ended_at_seconds: float | None = None
    sip_code: int = 200
    answered_by: AnsweredBy | None = None
    detection_milliseconds: int = 0
    price_micro_usd: int | None = None
    priced_at_seconds: float = 0.0
    leg: Leg | None = None
    recording: Recording | None = None
    streamed_seconds: list[float] = field(default_factory=list)
    events_sent: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)
    replacement: Source | None = None
    replaced: asyncio.Event = field(default_factory=asyncio.Event)
    time_limit: asyncio.TimerHandle | None = None

    @property
    def is_over(self) -> bool:
        """Whether the call reached its last status."""
        return self.over.is_set()

    @property
    def was_answered(self) -> bool:
        """Whether somebody picked up."""
        return self.answered_at_seconds is not None

    @property
    def talked_seconds(self) -> int:
        """Whole seconds between answer and end, in machine time; 0 when nobody picked up."""
        if self.answered_at_seconds is None or self.ended_at_seconds is None:
            return 0
        return max(1, round(self.ended_at_seconds - self.answered_at_seconds))

    @property
    def shown_price(self) -> str | None:
        """The price as the REST interface shows it, once it does: negative dollars."""
        if self.price_micro_usd is None or asyncio.get_running_loop().time() < self.priced_at_seconds:
            return None
        return f"-{self.price_micro_usd / 1_000_000:.5f}"

    @property
    def person(self) -> str:
        """The number at the far end: who is rung, or who rings."""
        return self.order.from_number if self.direction == "inbound" else self.order.to

    async def ends_within(self, seconds: float) -> bool:
        """Wait; whether the call ended meanwhile."""
        try:
            async with asyncio.timeout(seconds):
                await self.over.wait()
        except TimeoutError:
            return False
        return True

    def replace_document(self, source: Source) -> None:
        """Give up the running document for another."""
        self.replacement = source
        self.replaced.set()

    def take_replacement(self) -> Source | None:
        """The document that replaces the one that ran, once."""
        source, self.replacement = self.replacement, None
        self.replaced.clear()
        return source
