"""Consent: what a person allowed, for one seller, with its proof."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.kernel.ids import ConsentId, SellerId


class Channel(StrEnum):
    """A way of reaching a person that needs a consent of its own."""

    AI_VOICE = "ai_voice"
    SMS = "sms"


@dataclass(frozen=True, kw_only=True)
class Consent:
    """One signed permission.

    ``text`` is the wording the person saw, kept whole. ``source_url`` says where it was given: the page, or what else
    proves it (a document, a recording).
    """

    id: ConsentId
    seller_id: SellerId
    phone: str
    channels: frozenset[Channel]
    text: str
    method: str
    source_url: str = ""
    ip_address: str = ""
    obtained_at: datetime
    revoked_at: datetime | None = None

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is missing to prove it; nothing when it stands."""
        proof = {"its wording": self.text, "how it was given": self.method, "where it was given": self.source_url}
        return tuple(name for name, value in proof.items() if not value.strip())

    def covers(self, *, seller_id: SellerId, channel: Channel, at: datetime) -> bool:
        """Whether this consent lets ``seller_id`` use ``channel`` at ``at``."""
        return (
            self.seller_id == seller_id
            and channel in self.channels
            and self.obtained_at <= at
            and (self.revoked_at is None or at < self.revoked_at)
        )
