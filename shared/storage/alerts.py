"""Alerts about money in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, RowMapping, select, update

from shared.costs import Alert, Level
from shared.storage.engine import reading
from shared.storage.rows import add_once, row_of, values_of
from shared.storage.tables import money_alerts


class SqlAlertRepository:
    """``AlertRepository`` over ``money_alerts``. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, alert: Alert) -> bool:
        with self._engine.begin() as db:
            return add_once(db, money_alerts, row_of(alert) | {"evidence": dict(alert.evidence)})

    def known(self, keys: Sequence[str]) -> frozenset[str]:
        query = select(money_alerts.c.key).where(money_alerts.c.key.in_(keys))
        with reading(self._engine) as db:
            return frozenset(db.execute(query).scalars())

    def unsent(self) -> Sequence[Alert]:
        query = select(money_alerts).where(money_alerts.c.sent_at.is_(None)).order_by(money_alerts.c.at)
        with reading(self._engine) as db:
            return [_alert(row) for row in db.execute(query).mappings()]

    def mark_sent(self, alert_id: str, *, now: datetime) -> None:
        with self._engine.begin() as db:
            db.execute(update(money_alerts).where(money_alerts.c.id == alert_id).values(sent_at=now))

    def since(self, moment: datetime) -> Sequence[Alert]:
        newest_first = (money_alerts.c.at.desc(), money_alerts.c.id.desc())
        query = select(money_alerts).where(money_alerts.c.at >= moment).order_by(*newest_first)
        with reading(self._engine) as db:
            return [_alert(row) for row in db.execute(query).mappings()]


def _alert(row: RowMapping) -> Alert:
    return Alert(**values_of(row, Alert) | {"level": Level(row["level"])})
