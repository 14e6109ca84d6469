"""The money of one more call of a campaign, held in the statement that counts the campaign's calls."""

from datetime import datetime

from psycopg.types.json import Jsonb

from shared.costs import BudgetExhausted, Reservation
from shared.costs.booking import holding
from shared.kernel.errors import NotFound
from shared.kernel.ids import CampaignId
from shared.storage.costs.budgets import budget_of
from shared.storage.rows import row_of, told
from shared.storage.statements import Db

# Every call of the seller wants the rows of the budgets: they are locked last, in the order of their ids.
HOLD = """
with live as materialized (
  select count(*) as calls, count(*) filter (where dial_started_at is null) as waiting from call_attempts
  where campaign_id = %(campaign)s and ended_at is null and direction = 'outbound'
), room as materialized (
  select calls <= %(most)s and waiting + (
    select count(*) from call_attempts
    where campaign_id = %(campaign)s and dial_started_at >= %(since)s and direction = 'outbound'
  ) <= %(pace)s as has_room from live
), locked as materialized (
  select b.id from budgets b, room where room.has_room and b.id = any(%(budgets)s::uuid[])
  order by b.id for no key update of b
), held as (
  update budgets b set pending_micro_usd = b.pending_micro_usd + %(amount)s from locked l
  where b.id = l.id and b.posted_micro_usd + b.pending_micro_usd + %(amount)s <= b.limit_micro_usd returning b.id
), head as (
  insert into ledger_transactions (id, ref, kind, at) select %(id)s, %(ref)s, %(kind)s, %(at)s from room where has_room
), entries as (
  insert into ledger_entries (transaction_id, number, account, amount_micro_usd)
  select %(id)s, e.number, e.account, e.amount from room,
    jsonb_to_recordset(%(entries)s) as e(number int, account text, amount bigint)
  where has_room
), kept as (
  insert into reservations
  select r.* from room, jsonb_populate_record(null::reservations, %(reservation)s) r where has_room
)
select has_room, (select count(*) from held) as held from room
"""
BUDGETS = "select * from budgets where id = any(%(budgets)s::uuid[])"


def hold(db: Db, reservation: Reservation, *, campaign_id: CampaignId, most: int, pace: int, since: datetime) -> bool:
    """Hold money on every budget that bounds a reservation; ``False`` when the campaign has more calls than it may.

    ``most`` is how many may be live at once, ``pace`` how many may be dialled since ``since`` or wait to be.

    The attempt is written already. This is the last thing that a transaction does; after anything but ``True`` it must
    not be committed.

    Raises:
        BudgetExhausted: One of the budgets has no room.
        NotFound: There is no such budget.
    """
    movement, ids = holding(reservation), list(reservation.held_ids)
    entries = [
        {"number": number, "account": entry.account, "amount": entry.amount.micro_usd}
        for number, entry in enumerate(movement.entries, 1)
    ]
    values = {
        "most": most,
        "pace": pace,
        "since": since,
        "campaign": campaign_id,
        "budgets": ids,
        "amount": reservation.amount.micro_usd,
        "id": movement.id,
        "ref": movement.ref,
        "kind": movement.kind,
        "at": movement.at,
        "entries": Jsonb(entries),
        "reservation": Jsonb(reservation_row(reservation)),
    }
    outcome = db.execute(HOLD, values).fetchone()
    if outcome is None or not outcome["has_room"]:
        return False
    if outcome["held"] < len(ids):
        raise _refusal(db, reservation)
    return True


def reservation_row(reservation: Reservation) -> dict[str, object]:
    """The row of a reservation, as JSON values by column."""
    limits = list(reservation.budget_ids[1:])
    row = told(row_of(reservation)) | {"budget_id": reservation.purse_id, "limit_ids": limits}
    return row | {"amount": None, "amount_micro_usd": reservation.amount.micro_usd}


def _refusal(db: Db, reservation: Reservation) -> BudgetExhausted | NotFound:
    ids = list(reservation.held_ids)
    known = {row["id"]: budget_of(row) for row in db.execute(BUDGETS, {"budgets": ids}).fetchall()}
    missing = next((budget_id for budget_id in ids if budget_id not in known), None)
    if missing:
        return NotFound(f"no budget {missing}")
    tightest = min(known.values(), key=lambda budget: budget.headroom)
    return BudgetExhausted(f"the budget {tightest.name} {tightest.id} has no room for {reservation.amount}")
