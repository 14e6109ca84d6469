"""Stop switches: no new call for everybody, for one seller or for one campaign, from the moment one is thrown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shared.kernel.errors import Malformed
from shared.kernel.ids import CampaignId, SellerId
from shared.kernel.outbox import NewMessage

TOPIC = "stop"


class StopScope(StrEnum):
    """Whose calls a switch stops."""

    ALL = "all"
    SELLER = "seller"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, kw_only=True)
class StopSwitch:
    """A switch that was thrown. ``target`` is the seller's or the campaign's id, ``None`` for everybody.

    Raises:
        Malformed: A scope without its target, or everybody with one.
    """

    scope: StopScope
    target: str | None = None
    at: datetime
    by: str
    reason: str

    def __post_init__(self) -> None:
        if (self.scope is StopScope.ALL) != (self.target is None):
            raise Malformed(f"a stop of scope {self.scope.value} {'has no' if self.target else 'needs a'} target")

    def stops(self, *, seller_id: SellerId, campaign_id: CampaignId) -> bool:
        """Whether it stops the calls of this campaign of this seller."""
        return (self.scope, self.target) in reaching(seller_id, campaign_id)

    def errand(self) -> NewMessage:
        """The message that has ringing phones hung up."""
        return errand(self.scope, self.target)


class StopSwitches(Protocol):
    """Where stop switches are kept. Whoever cannot ask them dials nobody."""

    def thrown(
        self, *, seller_id: SellerId, campaign_id: CampaignId, kept: Sequence[StopSwitch] | None = None
    ) -> Sequence[StopSwitch]:
        """The switches that stop the calls of a campaign, none when it may ring.

        ``kept`` are those of the books, from whoever has just read them there.

        Raises:
            Unavailable: They cannot be read; that stops as well.
        """
        ...

    def throw(self, switch: StopSwitch) -> None:
        """Stop from now on, and leave the message that has ringing phones hung up. Safe to repeat: the first stands.

        Raises:
            Unavailable: It could not be kept.
        """
        ...

    def lift(self, scope: StopScope, target: str | None, *, at: datetime, by: str) -> bool:
        """Let calls go on; whether there was a switch to lift.

        Raises:
            Unavailable: It could not be lifted everywhere; repeat it.
        """
        ...

    def all(self) -> Sequence[StopSwitch]:
        """Every switch that is thrown, the oldest first.

        Raises:
            Unavailable: They cannot be read.
        """
        ...


def reaching(seller_id: SellerId, campaign_id: CampaignId) -> tuple[tuple[StopScope, str | None], ...]:
    """The scopes and targets that a campaign of a seller is stopped by."""
    return (StopScope.ALL, None), (StopScope.SELLER, seller_id), (StopScope.CAMPAIGN, campaign_id)


def errand(scope: StopScope, target: str | None, *, at: datetime | None = None) -> NewMessage:
    """The message that has hung up what rings for whom a switch stops."""
    return NewMessage(topic=TOPIC, body={"scope": scope.value, "target": target}, available_at=at)
