"""Sellers, campaigns, openings and our own numbers in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta

from shared.adapters.memory.store import MemoryStore, hour_of
from shared.calls import Direction
from shared.campaigns import Campaign, CampaignMove, CampaignState, NumberStats, Opening, OwnNumber, Seller
from shared.campaigns.campaign import STANDING
from shared.campaigns.opening import RENDER
from shared.campaigns.own_number import BLOCKING, MOST_COUNTED, SHORT_SECONDS
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import CampaignId, SellerId
from shared.kernel.outbox import NewMessage


class MemoryCampaignRepository:
    """``CampaignRepository`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def add_seller(self, seller: Seller) -> None:
        self._store.sellers[seller.id] = seller

    def seller(self, seller_id: SellerId) -> Seller:
        try:
            return self._store.sellers[seller_id]
        except KeyError:
            raise NotFound(f"no seller {seller_id}") from None

    def sellers(self) -> Sequence[Seller]:
        with self._store.lock:
            sellers = list(self._store.sellers.values())
        return sorted(sellers, key=lambda seller: (seller.registered_name, seller.id))

    def get(self, campaign_id: CampaignId) -> Campaign:
        try:
            return self._store.campaigns[campaign_id]
        except KeyError:
            raise NotFound(f"no campaign {campaign_id}") from None

    def save(self, campaign: Campaign, *messages: NewMessage, was: Campaign | None = None) -> None:
        with self._store.lock:
            kept = campaign if was is None else self._changed(campaign, was)
            self._note(kept)
            self._store.campaigns[campaign.id] = kept
            self._store.put_messages(*messages)

    def complete(self, campaign: Campaign, *, was: Campaign) -> bool:
        with self._store.lock:
            if not self._store.is_worked_off(campaign.id):
                return False
            self.save(campaign, was=was)
            return True

    def all(self) -> Sequence[Campaign]:
        with self._store.lock:
            campaigns = list(self._store.campaigns.values())
        return sorted(campaigns, key=lambda campaign: (campaign.created_at, campaign.id), reverse=True)

    def in_state(self, state: CampaignState) -> Sequence[Campaign]:
        there = [campaign for campaign in self.all() if campaign.state is state]
        return sorted(there, key=lambda campaign: -campaign.priority)

    def inbound_reserve(self) -> int:
        return max((each.plan.inbound_reserve for each in self.in_state(CampaignState.RUNNING)), default=0)

    def moves(self, campaign_id: CampaignId) -> Sequence[CampaignMove]:
        with self._store.lock:
            return list(self._store.campaign_moves.get(campaign_id, ()))

    def tell(self, *messages: NewMessage) -> None:
        with self._store.lock:
            self._store.put_messages(*messages)

    def openings(self, campaign_id: CampaignId) -> Sequence[Opening]:
        with self._store.lock:
            found = [each for each in self._store.openings.values() if each.campaign_id == campaign_id]
        return sorted(found, key=lambda opening: opening.voice)

    def render_failure(self, campaign_id: CampaignId) -> str | None:
        with self._store.lock:
            orders = [
                each
                for each in self._store.messages
                if each.message.topic == RENDER and each.message.body.get("campaign_id") == campaign_id
                if "kind" not in each.message.body
            ]
        if any(each.dead_at is None for each in orders):
            return None
        dead = sorted((each.dead_at, each.error) for each in orders if each.dead_at is not None)
        return (dead[-1][1] or "unknown") if dead else None

    def save_opening(self, opening: Opening) -> None:
        self._store.openings[opening.campaign_id, opening.voice] = opening

    def _changed(self, campaign: Campaign, was: Campaign) -> Campaign:
        """The campaign that is kept, with what differs from ``was``."""
        known = self.get(campaign.id)
        if any(getattr(known, name) != getattr(was, name) for name in STANDING):
            raise Conflict(f"campaign {campaign.id} is no longer {was.standing}")
        fresh = {each.name: getattr(campaign, each.name) for each in fields(Campaign)}
        return replace(known, **{name: value for name, value in fresh.items() if value != getattr(was, name)})

    def _note(self, campaign: Campaign) -> None:
        known = self._store.campaigns.get(campaign.id)
        if known and (known.state, known.paused_because) == (campaign.state, campaign.paused_because):
            return
        at = campaign.moved_at or campaign.created_at
        move = CampaignMove(at=at, state=campaign.state, reason=campaign.paused_reason, because=campaign.paused_because)
        self._store.campaign_moves.setdefault(campaign.id, []).append(move)


class MemoryOwnNumberRepository:
    """``OwnNumberRepository`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def of_seller(self, seller_id: SellerId) -> Sequence[OwnNumber]:
        return [number for number in self.all() if number.seller_id == seller_id]

    def all(self) -> Sequence[OwnNumber]:
        with self._store.lock:
            numbers = list(self._store.own_numbers.values())
        return sorted(numbers, key=lambda number: (number.seller_id, number.added_at, number.phone))

    def by_phone(self, phone: str) -> OwnNumber | None:
        return self._store.own_numbers.get(phone)

    def save(self, number: OwnNumber) -> None:
        self._store.own_numbers[number.phone] = number

    def stats(self, phone: str, since: datetime) -> NumberStats:
        with self._store.lock:
            attempts, first = self._store.attempts, hour_of(since)
            hours = [told for told in attempts.told("shown_in") if told[0] == phone and told[1] >= first]
            made = [
                each
                for told in hours
                for each in attempts.where("shown_in", told)
                if each.direction is Direction.OUTBOUND and each.is_over
                if each.dial_started_at is not None and each.dial_started_at >= since
            ]
        answered = [each for each in made if each.answered_at and not (each.answered_by or "").startswith("machine")]
        return NumberStats(
            dials=len(made),
            answered=len(answered),
            short=sum(each.duration_seconds is not None and each.duration_seconds < SHORT_SECONDS for each in answered),
            blocked=sum(each.sip_code in BLOCKING for each in made),
        )

    def dials(self, phones: Sequence[str], since: datetime) -> Mapping[str, int]:
        first = hour_of(since)
        hours = range(first, first + 25)
        with self._store.lock:
            return {phone: min(self._dialled(phone, hours, since), MOST_COUNTED) for phone in phones}

    def _dialled(self, phone: str, hours: Sequence[int], since: datetime) -> int:
        """Whole hours by their count, the first and the last one call by call."""
        attempts, until = self._store.attempts, since + timedelta(hours=24)
        edges = [each for hour in (hours[0], hours[-1]) for each in attempts.where("shown_in", (phone, hour))]
        whole = sum([attempts.count("shown_in", (phone, hour)) for hour in hours[1:-1]])
        return whole + sum(
            each.dial_started_at is not None and since <= each.dial_started_at <= until for each in edges
        )
