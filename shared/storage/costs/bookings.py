"""A step of a call's money: what is booked is held by its reservation's row, what follows is written at once."""

from typing import Any

from psycopg.types.json import Jsonb

from shared.costs import Booking, Reservation, ReservationState
from shared.costs.booking import Account
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from shared.kernel.money import ZERO, Money
from shared.kernel.outbox import NewMessage
from shared.storage.costs.ledger import LINES, line_of, line_row
from shared.storage.outbox import told_messages
from shared.storage.statements import Db

# Lines are read by a statement of their own, which sees what whoever held the row before has written.
RESERVATION = "select * from reservations where attempt_id = %(attempt)s"
LOCK = f"{RESERVATION} for update"
# Every call of the seller wants the rows of the budgets: they are locked in the order of their ids.
BOOK = """
with stands as (
  update reservations set state = %(state)s, basis = %(basis)s where attempt_id = %(attempt)s
), lines as (
  insert into cost_lines select l.* from jsonb_populate_recordset(null::cost_lines, %(lines)s) l
), head as (
  insert into ledger_transactions (id, ref, kind, at) values (%(id)s, %(ref)s, %(kind)s, %(at)s)
), entries as (
  insert into ledger_entries (transaction_id, number, account, amount_micro_usd)
  select %(id)s, e.number, e.account, e.amount
  from jsonb_to_recordset(%(entries)s) as e(number int, account text, amount bigint)
), asked as (
  insert into outbox (id, topic, "group", body, available_at)
  select m.id, m.topic, m."group", m.body, m.available_at
  from jsonb_to_recordset(%(messages)s) as m(id uuid, topic text, "group" text, body jsonb, available_at timestamptz)
), locked as materialized (
  select id, case when id = any(%(held)s::uuid[]) then %(released)s::bigint else 0 end as released
  from budgets where id = any(%(budgets)s::uuid[]) order by id for no key update
)
update budgets b set
  pending_micro_usd = b.pending_micro_usd - l.released,
  posted_micro_usd = b.posted_micro_usd + %(spent)s::bigint,
  overdrawn_micro_usd = greatest(b.overdrawn_micro_usd,
    b.pending_micro_usd - l.released + b.posted_micro_usd + %(spent)s::bigint - b.limit_micro_usd)
from locked l where b.id = l.id
"""


def account_of(db: Db, attempt_id: AttemptId) -> Account:
    """What is booked for the attempt, held until the transaction ends.

    Raises:
        NotFound: Nothing was ever reserved for it.
    """
    row = db.execute(LOCK, {"attempt": attempt_id}).fetchone()
    if row is None:
        raise NotFound(f"nothing was reserved for attempt {attempt_id}")
    lines = db.execute(LINES, {"attempt": attempt_id}).fetchall()
    return Account(reservation=reservation_of(row), lines=tuple(line_of(line) for line in lines))


def keep(db: Db, account: Account, booking: Booking, messages: tuple[NewMessage, ...]) -> None:
    """Write a step over the account that is held, and its messages; the last thing that a transaction does."""
    before, after, movement = account.reservation, booking.reservation, booking.transaction
    has_let_go = before.state is ReservationState.HELD and after.state is not ReservationState.HELD
    entries = [
        {"number": number, "account": entry.account, "amount": entry.amount.micro_usd}
        for number, entry in enumerate(movement.entries, 1)
    ]
    lines = [
        {"attempt_id": after.attempt_id} | line_row(number, line) | {"quantity": str(line.quantity)}
        for number, line in enumerate(booking.lines, len(account.lines) + 1)
    ]
    values = {
        "attempt": after.attempt_id,
        "state": after.state,
        "basis": after.basis,
        "lines": Jsonb(lines),
        "id": movement.id,
        "ref": movement.ref,
        "kind": movement.kind,
        "at": movement.at,
        "entries": Jsonb(entries),
        "messages": Jsonb(told_messages(messages)),
        "budgets": list(before.budget_ids),
        "held": list(before.held_ids),
        "released": (before.amount if has_let_go else ZERO).micro_usd,
        "spent": booking.spent.micro_usd,
    }
    db.execute(BOOK, values)


def reservation_of(row: dict[str, Any]) -> Reservation:
    """The reservation that a row tells of."""
    return Reservation(
        attempt_id=row["attempt_id"],
        budget_ids=(row["budget_id"], *row["limit_ids"]),
        amount=Money(row["amount_micro_usd"]),
        state=ReservationState(row["state"]),
        basis=row["basis"],
        is_bounded=row["is_bounded"],
        made_at=row["made_at"],
    )
