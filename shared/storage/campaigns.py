"""Sellers, campaigns and openings in PostgreSQL."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, RowMapping, collate, select, true, update

from shared.campaigns import Cadence, Campaign, CampaignState, Opening, Seller
from shared.campaigns.opening import RENDER
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import CampaignId, SellerId
from shared.kernel.outbox import NewMessage
from shared.storage.outbox import put_messages
from shared.storage.rows import put_row, row_of, values_of
from shared.storage.tables import campaigns, openings, outbox, sellers


class SqlCampaignRepository:
    """``CampaignRepository`` over ``sellers``, ``campaigns`` and ``openings``. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_seller(self, seller: Seller) -> None:
        with self._engine.begin() as db:
            put_row(db, sellers, row_of(seller))

    def seller(self, seller_id: SellerId) -> Seller:
        with self._engine.connect() as db:
            row = db.execute(select(sellers).where(sellers.c.id == seller_id)).mappings().one_or_none()
        if row is None:
            raise NotFound(f"no seller {seller_id}")
        return Seller(**values_of(row, Seller))

    def sellers(self) -> Sequence[Seller]:
        by_name = select(sellers).order_by(collate(sellers.c.registered_name, "C"), sellers.c.id)
        with self._engine.connect() as db:
            return [Seller(**values_of(row, Seller)) for row in db.execute(by_name).mappings()]

    def get(self, campaign_id: CampaignId) -> Campaign:
        found = self._where(campaigns.c.id == campaign_id)
        if not found:
            raise NotFound(f"no campaign {campaign_id}")
        return found[0]

    def save(self, campaign: Campaign, *messages: NewMessage, was: CampaignState | None = None) -> None:
        row = row_of(campaign) | {"cadence": _cadence_row(campaign.cadence)}
        stands = (campaigns.c.id == campaign.id) & (campaigns.c.state == was)
        with self._engine.begin() as db:
            if was is None:
                put_row(db, campaigns, row)
            elif not db.execute(update(campaigns).where(stands).values(row)).rowcount:
                raise Conflict(f"campaign {campaign.id} is no longer {was.value}")
            put_messages(db, messages)

    def all(self) -> Sequence[Campaign]:
        return self._where(true())

    def in_state(self, state: CampaignState) -> Sequence[Campaign]:
        return self._where(campaigns.c.state == state)

    def opening(self, campaign_id: CampaignId) -> Opening | None:
        with self._engine.connect() as db:
            row = db.execute(select(openings).where(openings.c.campaign_id == campaign_id)).mappings().one_or_none()
        return Opening(**values_of(row, Opening)) if row else None

    def render_failure(self, campaign_id: CampaignId) -> str | None:
        orders = select(outbox.c.dead_at, outbox.c.last_error).where(
            outbox.c.topic == RENDER, outbox.c.body["campaign_id"].astext == campaign_id
        )
        with self._engine.connect() as db:
            order = db.execute(orders.order_by(outbox.c.dead_at.desc().nulls_first()).limit(1)).first()
        return (order.last_error or "unknown") if order and order.dead_at else None

    def save_opening(self, opening: Opening) -> None:
        with self._engine.begin() as db:
            put_row(db, openings, row_of(opening))

    def _where(self, condition: ColumnElement[bool]) -> list[Campaign]:
        newest_first = (campaigns.c.created_at.desc(), campaigns.c.id.desc())
        with self._engine.connect() as db:
            rows = db.execute(select(campaigns).where(condition).order_by(*newest_first)).mappings()
            return [_campaign(row) for row in rows]


def _campaign(row: RowMapping) -> Campaign:
    changed = {"state": CampaignState(row["state"]), "cadence": _cadence(row["cadence"])}
    return Campaign(**values_of(row, Campaign) | changed)


def _cadence_row(cadence: Cadence) -> dict[str, Any]:
    delays = {disposition: delay.total_seconds() for disposition, delay in cadence.delays.items()}
    return {"max_attempts": cadence.max_attempts, "max_per_day": cadence.max_per_day, "delay_seconds": delays}


def _cadence(kept: dict[str, Any]) -> Cadence:
    delays = {disposition: timedelta(seconds=seconds) for disposition, seconds in kept["delay_seconds"].items()}
    return Cadence(max_attempts=kept["max_attempts"], max_per_day=kept["max_per_day"], delays=delays)
