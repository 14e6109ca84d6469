"""Stop switches in PostgreSQL, which has the last word on them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, RowMapping, and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from shared.calls.stops import StopScope, StopSwitch, reaching
from shared.kernel.ids import CampaignId, SellerId, new_id
from shared.storage.engine import reading
from shared.storage.outbox import put_messages
from shared.storage.rows import row_of, values_of
from shared.storage.tables.stops import stop_switches

IS_THROWN = stop_switches.c.lifted_at.is_(None)


class SqlStopSwitches:
    """``StopSwitches`` over the ``stop_switches`` table. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def thrown(
        self, *, seller_id: SellerId, campaign_id: CampaignId, kept: Sequence[StopSwitch] | None = None
    ) -> Sequence[StopSwitch]:
        if kept is not None:
            return kept
        reaches = [
            and_(stop_switches.c.scope == scope, stop_switches.c.target.is_not_distinct_from(target))
            for scope, target in reaching(seller_id, campaign_id)
        ]
        query = select(stop_switches).where(IS_THROWN, or_(*reaches)).order_by(stop_switches.c.at)
        with reading(self._engine) as db:
            return [_switch(row) for row in db.execute(query).mappings()]

    def throw(self, switch: StopSwitch) -> None:
        keep = insert(stop_switches).values(row_of(switch) | {"id": new_id()}).on_conflict_do_nothing()
        with self._engine.begin() as db:
            db.execute(keep)
            put_messages(db, [switch.errand()])

    def lift(self, scope: StopScope, target: str | None, *, at: datetime, by: str) -> bool:
        this = (stop_switches.c.scope == scope) & stop_switches.c.target.is_not_distinct_from(target)
        lift = update(stop_switches).where(this, IS_THROWN).values(lifted_at=at, lifted_by=by)
        with self._engine.begin() as db:
            return db.execute(lift).rowcount > 0

    def all(self) -> Sequence[StopSwitch]:
        query = select(stop_switches).where(IS_THROWN).order_by(stop_switches.c.at)
        with reading(self._engine) as db:
            return [_switch(row) for row in db.execute(query).mappings()]


def _switch(row: RowMapping) -> StopSwitch:
    return StopSwitch(**values_of(row, StopSwitch) | {"scope": StopScope(row["scope"])})
