"""``CostRepository`` in PostgreSQL, which alone decides whether there is money."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from shared.costs import Booking, Budget, Charge, CostLine, Period, Reservation, Scope
from shared.costs.booking import Decide, charging, merged, voiding
from shared.costs.periods import budget_id, inbound_budget, installation_budgets, period_budget, period_budgets
from shared.costs.ports import Spender
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import AttemptId, BudgetId, SellerId
from shared.kernel.money import Money
from shared.kernel.outbox import NewMessage
from shared.storage.costs import budgets as rows
from shared.storage.costs.bookings import RESERVATION, account_of, keep, reservation_of
from shared.storage.costs.checks import difference, hourly, unbooked_attempts
from shared.storage.costs.holds import BUDGETS
from shared.storage.costs.ledger import LINES, add_charge, line_of, post
from shared.storage.engine import constraint, reading
from shared.storage.outbox import ask
from shared.storage.rows import put_row
from shared.storage.statements import Statements
from shared.storage.tables import spending_limits

REF = "ledger_transactions_ref_key"


class SqlCostRepository:
    """``CostRepository`` over the money tables. One method, one transaction. ``zone`` is the books' clock."""

    def __init__(self, engine: Engine, *, zone: tzinfo = UTC) -> None:
        self._engine = engine
        self._statements = Statements(engine)
        self._zone = zone

    def budget(self, budget_id: BudgetId) -> Budget:
        row = self._statements.row(BUDGETS, {"budgets": [budget_id]})
        if row is None:
            raise NotFound(f"no budget {budget_id}")
        return rows.budget_of(row)

    def add_budget(self, budget: Budget) -> None:
        with self._engine.begin() as db:
            rows.add(db, budget)

    def budgets_for(self, campaign: Spender, now: datetime) -> tuple[Budget, ...]:
        wanted = period_budgets(campaign.seller_id, now, self._zone)
        ids = [campaign.budget_id, *(each.id for each in wanted)]
        known = {row["id"]: rows.budget_of(row) for row in self._statements.rows(BUDGETS, {"budgets": ids})}
        if campaign.budget_id not in known:
            raise NotFound(f"no budget {campaign.budget_id}")
        if len(known) == len(ids):
            return tuple(known[each] for each in ids)
        with self._engine.begin() as db:
            return known[campaign.budget_id], *rows.made(db, wanted)

    def budgets_for_inbound(self, seller_id: SellerId, now: datetime) -> tuple[Budget, ...]:
        wanted = [inbound_budget(seller_id), *period_budgets(seller_id, now, self._zone)]
        with self._engine.begin() as db:
            return tuple(rows.made(db, wanted))

    def set_limit(
        self, scope: Scope, period: Period, limit: Money, *, seller_id: SellerId | None, now: datetime
    ) -> Budget:
        present = period_budget(scope, period, seller_id, now.astimezone(self._zone).date())
        kept = {
            "id": budget_id(scope, period, present.seller_id, None),
            "scope": scope,
            "seller_id": present.seller_id,
            "period": period,
            "limit_micro_usd": limit.micro_usd,
            "set_at": now,
        }
        with self._engine.begin() as db:
            put_row(db, spending_limits, kept)
            rows.made(db, [present])
            rows.bound(db, present, limit)
            return rows.made(db, [present])[0]

    def budgets_of(self, now: datetime) -> Sequence[Budget]:
        with reading(self._engine) as db:
            return rows.counting(db, now, self._zone)

    def reservation(self, attempt_id: AttemptId) -> Reservation:
        row = self._statements.row(RESERVATION, {"attempt": attempt_id})
        if row is None:
            raise NotFound(f"nothing was reserved for attempt {attempt_id}")
        return reservation_of(row)

    def book(self, attempt_id: AttemptId, decide: Decide, *messages: NewMessage) -> Booking | None:
        try:
            with self._statements.together() as db:
                account = account_of(db, attempt_id)
                booking = decide(account)
                if booking is not None:
                    keep(db, account, booking, messages)
        except psycopg.IntegrityError as error:
            if constraint(error) == REF:
                raise Conflict(f"attempt {attempt_id} has this ledger transaction already") from error
            raise
        return booking

    def book_charge(self, charge: Charge) -> None:
        try:
            with self._engine.begin() as db:
                ids = [each.id for each in rows.made(db, installation_budgets(charge.at, self._zone))]
                post(db, charging(charge))
                add_charge(db, charge, ids)
                rows.spend(db, ids, spent=charge.amount)
        except IntegrityError as error:
            if constraint(error.orig) == REF:
                raise Conflict(f"charge {charge.id} is booked already") from error
            raise

    def void(self, attempt_id: AttemptId, *, now: datetime) -> bool:
        try:
            return self.book(attempt_id, lambda account: voiding(account, now=now)) is not None
        except NotFound:
            return False

    def lines(self, attempt_id: AttemptId) -> Sequence[CostLine]:
        return merged(line_of(row) for row in self._statements.rows(LINES, {"attempt": attempt_id}))

    def ask_later(self, *messages: NewMessage) -> None:
        ask(self._statements, messages)

    def unbooked(self, *, since: datetime, limit: int) -> Sequence[AttemptId]:
        with reading(self._engine) as db:
            return unbooked_attempts(db, since=since, limit=limit)

    def spent_by_hour(self, *, since: datetime, seller_id: SellerId | None) -> Mapping[datetime, Money]:
        with reading(self._engine) as db:
            return hourly(db, since=since, seller_id=seller_id)

    def ledger_imbalance(self, *, since: datetime | None = None) -> Money:
        with reading(self._engine) as db:
            return difference(db, since=since, zone=self._zone)
