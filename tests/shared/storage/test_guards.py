"""What the database refuses, even to someone who writes to it by hand."""

import pytest
from psycopg.errors import CheckViolation, UniqueViolation
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from shared.calls import RANK
from shared.kernel.ids import new_id
from tests.contracts.backends import Backend
from tests.contracts.nouns import BUDGET_ID, make_line


def refused(engine: Engine, statement: str, **values: object) -> type[BaseException]:
    """Why the database refused it."""
    with pytest.raises(IntegrityError) as refusal, engine.begin() as db:
        db.execute(text(statement), values)
    return type(refusal.value.orig) if refusal.value.orig else IntegrityError


def test_ranks_are_those_of_the_code(engine: Engine) -> None:
    with engine.connect() as db:
        ranks = {state: db.execute(text("select attempt_rank(:s)"), {"s": state}).scalar_one() for state in RANK}

    assert ranks == RANK


@pytest.mark.parametrize(
    "change",
    [
        "state = 'dialing'",
        "state = 'ended'",
        "state = 'no such state'",
        "provider_sid = 'CA2'",
        "provider_sid = null",
        "phone = '555'",
        "ended_at = planned_at",
    ],
)
def test_an_attempt_does_not_go_back(backend: Backend, engine: Engine, change: str) -> None:
    attempt = backend.plan()
    with engine.begin() as db:
        db.execute(text("update call_attempts set state = 'ringing', provider_sid = 'CA1'"))

    assert refused(engine, f"update call_attempts set {change}") is CheckViolation  # noqa: S608 - written above
    assert backend.calls.get(attempt.id).state == "ringing"


@pytest.mark.parametrize("change", ["state = 'cancelled'", "state = 'streaming', ended_at = null", "ended_at = null"])
def test_what_is_over_stays_over(backend: Backend, engine: Engine, change: str) -> None:
    backend.plan()
    with engine.begin() as db:
        db.execute(text("update call_attempts set state = 'ended', ended_at = planned_at"))

    assert refused(engine, f"update call_attempts set {change}") is CheckViolation  # noqa: S608 - written above


def test_two_attempts_never_share_a_call(backend: Backend, engine: Engine) -> None:
    backend.plan()
    backend.plan(backend.add_lead(phone="+13125550143"))

    assert refused(engine, "update call_attempts set provider_sid = 'CA1'") is UniqueViolation


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_entries set amount_micro_usd = 0",
        "delete from ledger_entries",
        "update ledger_transactions set kind = 'other'",
        "delete from ledger_transactions",
        "truncate ledger_transactions, ledger_entries",
    ],
)
def test_the_ledger_only_grows(backend: Backend, engine: Engine, statement: str) -> None:
    attempt = backend.plan()
    backend.settle(attempt, make_line())

    assert refused(engine, statement) is CheckViolation


def test_a_transaction_that_does_not_balance_is_not_committed(backend: Backend, engine: Engine) -> None:
    attempt = backend.plan()
    backend.settle(attempt, make_line())
    with engine.connect() as db:
        settled = db.execute(text("select id from ledger_transactions where kind = 'settlement'")).scalar_one()

    one_sided = "insert into ledger_entries values (:id, 9, 'expense/overhead', 1)"
    assert refused(engine, one_sided, id=settled) is CheckViolation


@pytest.mark.parametrize(
    "change",
    [
        "pending_micro_usd = 10000001",
        "posted_micro_usd = 10000001",
        "pending_micro_usd = -1",
        "overdrawn_micro_usd = -1",
    ],
)
def test_a_budget_keeps_its_limit(backend: Backend, engine: Engine, change: str) -> None:
    assert refused(engine, f"update budgets set {change} where id = :id", id=BUDGET_ID) is CheckViolation  # noqa: S608 - written above


def test_an_opt_out_of_one_seller_alone_is_no_opt_out(backend: Backend, engine: Engine) -> None:
    narrow = (
        "insert into suppressions select :id, '+13125550142', 'opt_out', 'today', id, null, '' from sellers limit 1"
    )

    assert refused(engine, narrow, id=new_id()) is CheckViolation
