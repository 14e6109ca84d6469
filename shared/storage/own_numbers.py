"""Our own numbers in PostgreSQL, and how calls from them went."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from shared.campaigns.own_number import BLOCKING, MOST_COUNTED, SHORT_SECONDS, NumberStats, OwnNumber
from shared.kernel.ids import SellerId
from shared.storage.rows import put_row, row_of, values_of
from shared.storage.statements import Statements
from shared.storage.tables import own_numbers

OF_SELLER = "select * from own_numbers where seller_id = %(seller)s order by added_at, phone"
ALL = "select * from own_numbers order by seller_id, added_at, phone"
BY_PHONE = "select * from own_numbers where phone = %(phone)s"
STATS = """
select count(*) as dials, count(*) filter (where is_human) as answered,
  count(*) filter (where is_human and duration_seconds < %(short)s) as short,
  count(*) filter (where sip_code = any(%(blocking)s)) as blocked
from call_attempts,
  lateral (select answered_at is not null and coalesce(answered_by, '') not like 'machine%%' as is_human) called
where caller_id = %(phone)s and dial_started_at >= %(since)s and ended_at is not null and direction = 'outbound'
"""
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
        return [_number(row) for row in self._statements.rows(ALL, {})]

    def by_phone(self, phone: str) -> OwnNumber | None:
        row = self._statements.row(BY_PHONE, {"phone": phone})
        return _number(row) if row else None

    def save(self, number: OwnNumber) -> None:
        with self._engine.begin() as db:
            put_row(db, own_numbers, row_of(number))

    def stats(self, phone: str, since: datetime) -> NumberStats:
        asked = {"phone": phone, "since": since, "short": SHORT_SECONDS, "blocking": list(BLOCKING)}
        return NumberStats(**self._statements.rows(STATS, asked)[0])

    def dials(self, phones: Sequence[str], since: datetime) -> Mapping[str, int]:
        if not phones:
            return {}
        asked = {"phones": list(phones), "since": since, "most": MOST_COUNTED}
        return {row["phone"]: row["dials"] for row in self._statements.rows(DIALS, asked)}


def _number(row: Mapping[Any, Any]) -> OwnNumber:
    return OwnNumber(**values_of(row, OwnNumber))
