"""Sellers, campaigns and openings in PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, collate, select, update

from shared.campaigns import Campaign, CampaignMove, CampaignState, Opening, PauseReason, Seller
from shared.campaigns.campaign import STANDING
from shared.campaigns.opening import RENDER
from shared.campaigns.plan_json import cadence_as_json, cadence_of_json, plan_as_json, plan_of_json
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import CampaignId, SellerId
from shared.kernel.outbox import NewMessage
from shared.storage.calls.claims import WORKED_OFF
from shared.storage.engine import reading
from shared.storage.outbox import ask, put_messages
from shared.storage.rows import put_row, row_of, values_of
from shared.storage.statements import Statements
from shared.storage.tables import campaign_moves, campaigns, openings, outbox, sellers

GET = "select * from campaigns where id = %(id)s"
ALL = "select * from campaigns order by created_at desc, id desc"
IN_STATE = "select * from campaigns where state = %(state)s order by priority desc, created_at desc, id desc"
RESERVE = """
select coalesce(max((plan ->> 'inbound_reserve')::int), 0) as reserve from campaigns where state = 'running'
"""


class SqlCampaignRepository:
    """``CampaignRepository`` over ``sellers``, ``campaigns`` and ``openings``. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._statements = Statements(engine)

    def add_seller(self, seller: Seller) -> None:
        with self._engine.begin() as db:
            put_row(db, sellers, row_of(seller))

    def seller(self, seller_id: SellerId) -> Seller:
        with reading(self._engine) as db:
            row = db.execute(select(sellers).where(sellers.c.id == seller_id)).mappings().one_or_none()
        if row is None:
            raise NotFound(f"no seller {seller_id}")
        return Seller(**values_of(row, Seller))

    def sellers(self) -> Sequence[Seller]:
        by_name = select(sellers).order_by(collate(sellers.c.registered_name, "C"), sellers.c.id)
        with reading(self._engine) as db:
            return [Seller(**values_of(row, Seller)) for row in db.execute(by_name).mappings()]

    def get(self, campaign_id: CampaignId) -> Campaign:
        row = self._statements.row(GET, {"id": campaign_id})
        if row is None:
            raise NotFound(f"no campaign {campaign_id}")
        return _campaign(row)

    def save(self, campaign: Campaign, *messages: NewMessage, was: Campaign | None = None) -> None:
        with self._engine.begin() as db:
            if was is None:
                put_row(db, campaigns, _row(campaign))
            else:
                _change(db, campaign, was)
            put_messages(db, messages)

    def complete(self, campaign: Campaign, *, was: Campaign) -> bool:
        with self._engine.begin() as db:
            # Whoever adds leads holds the key of this row: they are all there once it is locked.
            db.execute(select(campaigns.c.id).where(campaigns.c.id == campaign.id).with_for_update())
            if not db.exec_driver_sql(WORKED_OFF, {"campaign": campaign.id}).scalar_one():
                return False
            _change(db, campaign, was)
        return True

    def all(self) -> Sequence[Campaign]:
        return [_campaign(row) for row in self._statements.rows(ALL, {})]

    def in_state(self, state: CampaignState) -> Sequence[Campaign]:
        return [_campaign(row) for row in self._statements.rows(IN_STATE, {"state": state})]

    def inbound_reserve(self) -> int:
        row = self._statements.row(RESERVE, {})
        return int(row["reserve"]) if row else 0

    def moves(self, campaign_id: CampaignId) -> Sequence[CampaignMove]:
        query = select(campaign_moves).where(campaign_moves.c.campaign_id == campaign_id)
        with reading(self._engine) as db:
            rows = db.execute(query.order_by(campaign_moves.c.seq)).mappings()
            return [_move(row) for row in rows]

    def tell(self, *messages: NewMessage) -> None:
        ask(self._statements, messages)

    def openings(self, campaign_id: CampaignId) -> Sequence[Opening]:
        query = select(openings).where(openings.c.campaign_id == campaign_id)
        with reading(self._engine) as db:
            rows = db.execute(query.order_by(collate(openings.c.voice, "C"))).mappings()
            return [Opening(**values_of(row, Opening)) for row in rows]

    def render_failure(self, campaign_id: CampaignId) -> str | None:
        orders = select(outbox.c.dead_at, outbox.c.last_error).where(
            outbox.c.topic == RENDER,
            outbox.c.body["campaign_id"].astext == campaign_id,
            outbox.c.body["kind"].astext.is_(None),  # a prompt can be spoken live
        )
        with reading(self._engine) as db:
            order = db.execute(orders.order_by(outbox.c.dead_at.desc().nulls_first()).limit(1)).first()
        return (order.last_error or "unknown") if order and order.dead_at else None

    def save_opening(self, opening: Opening) -> None:
        with self._engine.begin() as db:
            put_row(db, openings, row_of(opening))


def _change(db: Connection, campaign: Campaign, was: Campaign) -> None:
    """Write what differs from ``was``, if the campaign still stands where that stood."""
    stands = campaigns.c.id == campaign.id
    for name in STANDING:
        stands &= campaigns.c[name].is_not_distinct_from(getattr(was, name))
    before, row = _row(was), _row(campaign)
    changed = {name: value for name, value in row.items() if value != before[name]}
    if not db.execute(update(campaigns).where(stands).values(changed or {"state": campaign.state})).rowcount:
        raise Conflict(f"campaign {campaign.id} is no longer {was.standing}")


def _row(campaign: Campaign) -> dict[str, Any]:
    as_json = {"cadence": cadence_as_json(campaign.cadence), "plan": plan_as_json(campaign.plan)}
    return row_of(campaign) | as_json


def _campaign(row: Mapping[Any, Any]) -> Campaign:
    changed = {
        "state": CampaignState(row["state"]),
        "paused_reason": PauseReason(row["paused_reason"]) if row["paused_reason"] else None,
        "cadence": cadence_of_json(row["cadence"]),
        "plan": plan_of_json(row["plan"]),
    }
    return Campaign(**values_of(row, Campaign) | changed)


def _move(row: RowMapping) -> CampaignMove:
    reason = PauseReason(row["reason"]) if row["reason"] else None
    return CampaignMove(at=row["at"], state=CampaignState(row["state"]), reason=reason, because=row["because"])
