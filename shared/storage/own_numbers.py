"""Our own numbers in PostgreSQL, and how calls from them went."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, select, true

from shared.campaigns.own_number import BLOCKING, MOST_COUNTED, SHORT_SECONDS, NumberStats, OwnNumber
from shared.kernel.ids import SellerId
from shared.storage.engine import reading
from shared.storage.rows import put_row, row_of, values_of
from shared.storage.statements import Statements
from shared.storage.tables import call_attempts, own_numbers

OF_SELLER = "select * from own_numbers where seller_id = %(seller)s order by added_at, phone"
DIALS = """
select p.phone, (
  select count(*) from (
    select from call_attempts a where a.caller_id = p.phone
      and a.dial_started_at between %(since)s and %(since)s + interval '24 hours' limit %(most)s
  ) dials
) as dials
from unnest(%(phones)s::text[]) as p(phone)
"""


class SqlOwnNumberRepository:
    """``OwnNumberRepository`` over ``own_numbers`` and ``call_attempts``. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._statements = Statements(engine)

    def of_seller(self, seller_id: SellerId) -> Sequence[OwnNumber]:
        return [_number(row) for row in self._statements.rows(OF_SELLER, {"seller": seller_id})]

    def all(self) -> Sequence[OwnNumber]:
        return self._where(true())

    def by_phone(self, phone: str) -> OwnNumber | None:
        return next(iter(self._where(own_numbers.c.phone == phone)), None)

    def save(self, number: OwnNumber) -> None:
        with self._engine.begin() as db:
            put_row(db, own_numbers, row_of(number))

    def stats(self, phone: str, since: datetime) -> NumberStats:
        call = call_attempts.c
        is_human = call.answered_at.is_not(None) & func.coalesce(call.answered_by, "").not_like("machine%")
        counts = select(
            func.count().label("dials"),
            func.count().filter(is_human).label("answered"),
            func.count().filter(is_human & (call.duration_seconds < SHORT_SECONDS)).label("short"),
            func.count().filter(call.sip_code.in_(BLOCKING)).label("blocked"),
        ).where(call.caller_id == phone, call.dial_started_at >= since, call.ended_at.is_not(None))
        with reading(self._engine) as db:
            return NumberStats(**db.execute(counts.where(call.direction == "outbound")).mappings().one())

    def dials(self, phones: Sequence[str], since: datetime) -> Mapping[str, int]:
        if not phones:
            return {}
        asked = {"phones": list(phones), "since": since, "most": MOST_COUNTED}
        return {row["phone"]: row["dials"] for row in self._statements.rows(DIALS, asked)}

    def _where(self, condition: ColumnElement[bool]) -> list[OwnNumber]:
        query = select(own_numbers).where(condition)
        query = query.order_by(own_numbers.c.seller_id, own_numbers.c.added_at, own_numbers.c.phone)
        with reading(self._engine) as db:
            return [_number(row) for row in db.execute(query).mappings()]


def _number(row: Mapping[Any, Any]) -> OwnNumber:
    return OwnNumber(**values_of(row, OwnNumber))
