"""``CostRepository`` in PostgreSQL, which alone decides whether there is money."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from sqlalchemy import Connection, Engine, RowMapping, select, update
from sqlalchemy.exc import IntegrityError

from shared.costs import Booking, Budget, Charge, CostLine, Period, Reservation, ReservationState, Scope
from shared.costs.booking import Account, Decide, charging, merged, voiding
from shared.costs.periods import budget_id, inbound_budget, installation_budgets, period_budget, period_budgets
from shared.costs.ports import Spender
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import AttemptId, BudgetId, SellerId
from shared.kernel.money import ZERO, Money
from shared.kernel.outbox import NewMessage
from shared.storage.costs import budgets as rows
from shared.storage.costs.checks import difference, hourly, unbooked_attempts
from shared.storage.costs.holds import BUDGETS
from shared.storage.costs.ledger import add_charge, add_lines, lines_of, post
from shared.storage.engine import constraint, reading
from shared.storage.outbox import put_messages
from shared.storage.rows import put_row
from shared.storage.statements import Statements
from shared.storage.tables import budgets, reservations, spending_limits

REF = "ledger_transactions_ref_key"


class SqlCostRepository:
    """``CostRepository`` over the money tables. One method, one transaction. ``zone`` is the books' clock."""

    def __init__(self, engine: Engine, *, zone: tzinfo = UTC) -> None:
        self._engine = engine
        self._statements = Statements(engine)
        self._zone = zone

    def budget(self, budget_id: BudgetId) -> Budget:
        with reading(self._engine) as db:
            row = db.execute(select(budgets).where(budgets.c.id == budget_id)).mappings().one_or_none()
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
        with reading(self._engine) as db:
            row = db.execute(select(reservations).where(reservations.c.attempt_id == attempt_id)).mappings().first()
        if row is None:
            raise NotFound(f"nothing was reserved for attempt {attempt_id}")
        return _reservation(row)

    def book(self, attempt_id: AttemptId, decide: Decide, *messages: NewMessage) -> Booking | None:
        try:
            with self._engine.begin() as db:
                account = _account(db, attempt_id)
                booking = decide(account)
                if booking is not None:
                    _write(db, account, booking)
                    put_messages(db, messages)
        except IntegrityError as error:
            if constraint(error.orig) == REF:
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
        with reading(self._engine) as db:
            return merged(lines_of(db, attempt_id))

    def ask_later(self, *messages: NewMessage) -> None:
        with self._engine.begin() as db:
            put_messages(db, messages)

    def unbooked(self, *, since: datetime, limit: int) -> Sequence[AttemptId]:
        with reading(self._engine) as db:
            return unbooked_attempts(db, since=since, limit=limit)

    def spent_by_hour(self, *, since: datetime, seller_id: SellerId | None) -> Mapping[datetime, Money]:
        with reading(self._engine) as db:
            return hourly(db, since=since, seller_id=seller_id)

    def ledger_imbalance(self, *, since: datetime | None = None) -> Money:
        with reading(self._engine) as db:
            return difference(db, since=since, zone=self._zone)


def _account(db: Connection, attempt_id: AttemptId) -> Account:
    """What is booked for the attempt, held until the transaction ends."""
    query = select(reservations).where(reservations.c.attempt_id == attempt_id).with_for_update()
    row = db.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"nothing was reserved for attempt {attempt_id}")
    return Account(reservation=_reservation(row), lines=lines_of(db, attempt_id))


def _write(db: Connection, account: Account, booking: Booking) -> None:
    before, after = account.reservation, booking.reservation
    has_let_go = before.state is ReservationState.HELD and after.state is not ReservationState.HELD
    stands = update(reservations).where(reservations.c.attempt_id == after.attempt_id)
    db.execute(stands.values(state=after.state, basis=after.basis))
    add_lines(db, after.attempt_id, booking.lines, after=len(account.lines))
    post(db, booking.transaction)
    released = before.amount if has_let_go else ZERO
    # last: many calls want these rows
    rows.spend(db, before.budget_ids, spent=booking.spent, released=released, held_ids=before.held_ids)


def _reservation(row: RowMapping) -> Reservation:
    return Reservation(
        attempt_id=row["attempt_id"],
        budget_ids=(row["budget_id"], *row["limit_ids"]),
        amount=Money(row["amount_micro_usd"]),
        state=ReservationState(row["state"]),
        basis=row["basis"],
        is_bounded=row["is_bounded"],
        made_at=row["made_at"],
    )
