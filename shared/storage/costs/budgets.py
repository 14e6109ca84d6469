"""Rows of ``budgets``: made when they are needed, held against, spent from, inside someone else's transaction.

Whoever changes several budgets locks them first, in the order of their ids, so that nobody waits in a circle.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, Update, and_, case, func, insert, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as insert_or

from shared.costs import NO_LIMIT, Budget, BudgetExhausted, Period, Reservation, Scope
from shared.costs.booking import holding
from shared.costs.periods import PERIODS, first_day
from shared.kernel.errors import NotFound
from shared.kernel.ids import BudgetId
from shared.kernel.money import ZERO, Money
from shared.storage.costs.ledger import post
from shared.storage.tables import budgets, reservations, spending_limits


def reserve(db: Connection, reservation: Reservation) -> None:
    """Hold money on every budget that bounds a reservation, or on none; nobody overspends by racing.

    Every call of the seller wants these rows, so they come last, and this is the last thing that a transaction does.

    Raises:
        BudgetExhausted: One of the budgets has no room; the transaction must not be committed.
        NotFound: There is no such budget.
    """
    ids, amount = list(reservation.budget_ids), reservation.amount.micro_usd
    row = {
        "attempt_id": reservation.attempt_id,
        "budget_id": reservation.purse_id,
        "limit_ids": ids[1:],
        "amount_micro_usd": amount,
        "state": reservation.state,
        "basis": reservation.basis,
        "is_bounded": reservation.is_bounded,
        "made_at": reservation.made_at,
    }
    post(db, holding(reservation))
    used = budgets.c.posted_micro_usd + budgets.c.pending_micro_usd
    hold = _each(reservation.held_ids).where(used + amount <= budgets.c.limit_micro_usd)
    held = db.execute(hold.values(pending_micro_usd=budgets.c.pending_micro_usd + amount)).rowcount
    if held < len(reservation.held_ids):
        raise _refusal(db, reservation)
    db.execute(insert(reservations).values(row))  # it locks the purse a little; two who did so first could not go on


def spend(
    db: Connection, ids: Sequence[BudgetId], *, spent: Money, released: Money = ZERO, held_ids: Sequence[BudgetId] = ()
) -> None:
    """Spend from all of ``ids``, let go of what was held on ``held_ids``. A cost stands, whatever the limits are."""
    pending = budgets.c.pending_micro_usd - case((budgets.c.id.in_(held_ids), released.micro_usd), else_=0)
    posted = budgets.c.posted_micro_usd + spent.micro_usd
    beyond = pending + posted - budgets.c.limit_micro_usd
    changed = {
        "pending_micro_usd": pending,
        "posted_micro_usd": posted,
        "overdrawn_micro_usd": func.greatest(budgets.c.overdrawn_micro_usd, beyond),
    }
    db.execute(_each(ids).values(changed))


def made(db: Connection, wanted: Sequence[Budget]) -> list[Budget]:
    """The budgets as they stand, in the order of ``wanted``; those that are missing are made, with their limits."""
    ids = [budget.id for budget in wanted]
    known = _by_id(db, ids)
    missing = [budget for budget in wanted if budget.id not in known]
    if missing:
        limits = _limits(db, missing)
        rows = [_row(replace(budget, limit=limits.get(_owner(budget), NO_LIMIT))) for budget in missing]
        db.execute(insert_or(budgets).on_conflict_do_nothing(), rows)
        known = _by_id(db, ids)
    return [known[budget_id] for budget_id in ids]


def bound(db: Connection, budget: Budget, limit: Money) -> None:
    """Give a budget another limit. What is spent or held beyond it stands."""
    beyond = budgets.c.pending_micro_usd + budgets.c.posted_micro_usd - limit.micro_usd
    changed = {"limit_micro_usd": limit.micro_usd, "overdrawn_micro_usd": func.greatest(0, beyond)}
    db.execute(update(budgets).where(budgets.c.id == budget.id).values(changed))


def counting(db: Connection, now: datetime, zone: tzinfo) -> list[Budget]:
    """The budgets that count at a moment: those without an end, and those of the present periods."""
    today = now.astimezone(zone).date()
    present = [(period.value, first_day(period, today)) for period in PERIODS]
    counts = or_(
        budgets.c.period == Period.TOTAL.value,
        tuple_(budgets.c.period, budgets.c.period_start).in_(present),
    )
    return [budget_of(row) for row in db.execute(select(budgets).where(counts).order_by(budgets.c.id)).mappings()]


def add(db: Connection, budget: Budget) -> None:
    """Keep a new budget."""
    db.execute(insert(budgets).values(_row(budget)))


def budget_of(row: Mapping[Any, Any]) -> Budget:
    """The budget that a row tells of."""
    return Budget(
        id=row["id"],
        seller_id=row["seller_id"],
        limit=Money(row["limit_micro_usd"]),
        pending=Money(row["pending_micro_usd"]),
        posted=Money(row["posted_micro_usd"]),
        overdrawn=Money(row["overdrawn_micro_usd"]),
        scope=Scope(row["scope"]),
        period=Period(row["period"]),
        period_start=row["period_start"],
    )


def _each(ids: Sequence[BudgetId]) -> Update:
    """A change of every one of these budgets, which are locked in the order of their ids before they change."""
    ordered = select(budgets.c.id).where(budgets.c.id.in_(ids)).order_by(budgets.c.id)
    locked = ordered.with_for_update(key_share=True).cte("locked")
    return update(budgets).where(budgets.c.id == locked.c.id)


def _refusal(db: Connection, reservation: Reservation) -> BudgetExhausted | NotFound:
    """Why not every budget of the reservation could be held against."""
    known = _by_id(db, reservation.held_ids)
    for budget_id in reservation.held_ids:
        if budget_id not in known:
            return NotFound(f"no budget {budget_id}")
    tightest = min(known.values(), key=lambda budget: budget.headroom)
    return BudgetExhausted(f"the budget {tightest.name} {tightest.id} has no room for {reservation.amount}")


def _row(budget: Budget) -> dict[str, Any]:
    return {
        "id": budget.id,
        "seller_id": budget.seller_id,
        "limit_micro_usd": budget.limit.micro_usd,
        "pending_micro_usd": budget.pending.micro_usd,
        "posted_micro_usd": budget.posted.micro_usd,
        "overdrawn_micro_usd": budget.overdrawn.micro_usd,
        "scope": budget.scope,
        "period": budget.period,
        "period_start": budget.period_start,
    }


def _by_id(db: Connection, ids: Sequence[BudgetId]) -> dict[BudgetId, Budget]:
    rows = db.execute(select(budgets).where(budgets.c.id.in_(ids))).mappings()
    return {budget.id: budget for budget in map(budget_of, rows)}


def _limits(db: Connection, wanted: Sequence[Budget]) -> dict[tuple[str, str | None, str], Money]:
    sellers = {budget.seller_id for budget in wanted if budget.seller_id}
    theirs = and_(spending_limits.c.scope == Scope.SELLER.value, spending_limits.c.seller_id.in_(sellers))
    of_all = spending_limits.c.scope == Scope.INSTALLATION.value
    rows = db.execute(select(spending_limits).where(or_(theirs, of_all))).mappings()
    return {(row["scope"], row["seller_id"], row["period"]): Money(row["limit_micro_usd"]) for row in rows}


def _owner(budget: Budget) -> tuple[str, str | None, str]:
    return budget.scope.value, budget.seller_id, budget.period.value
