"""What a verb may use while it is performed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from infra.simulator.carrier.call import Call, Source
from infra.simulator.carrier.exchange import Exchange
from infra.simulator.carrier.legs import Leg
from infra.simulator.carrier.twiml import resolve


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The call, the exchange it runs on, and the address of the document."""

    call: Call
    exchange: Exchange
    document_url: str

    @property
    def leg(self) -> Leg:
        """The line, which every verb but ``<Reject>`` finds connected."""
        assert self.call.leg is not None
        return self.call.leg

    def follow(self, address: str, method: str | None, **fields: str) -> Source:
        """The document at ``address``, seen from this one, asked for with further fields.

        Raises:
            BadTwiml: The address is none.
        """
        url = resolve(self.document_url, address)
        return Source(url=url, method=(method or "POST").upper(), fields=tuple(fields.items()))


Verb = Callable[[Element, Scene], Awaitable[Source | None]]
"""Performs one element; returns the document to go on with, or ``None`` for the next verb."""
