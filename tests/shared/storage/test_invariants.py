"""Each invariant sees what breaks it, and says nothing while all is well."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from shared.calls import AttemptState, CallAttempt
from shared.calls.invariants import INVARIANTS
from shared.kernel.outbox import NewMessage
from shared.storage.invariants import SqlInvariants
from tests.contracts.backends import Backend
from tests.contracts.nouns import NOON, make_line, make_permission

LATER = NOON + timedelta(minutes=30)


@pytest.fixture
def attempt(backend: Backend) -> CallAttempt:
    """A call that was made by the book, and is over."""
    planned = backend.plan()
    backend.calls.record(make_permission(at=NOON), attempt_id=planned.id)
    backend.calls.begin_dialing(planned.id, worker="w1", slot_epoch="e1", now=NOON)
    begun = replace(backend.calls.get(planned.id), provider_sid="CA1", state=AttemptState.ANSWERED, answered_at=NOON)
    backend.calls.move(begun)
    over = backend.calls.move(replace(begun, state=AttemptState.ENDED, ended_at=NOON + timedelta(minutes=1)))
    backend.calls.close(over, backend.leads.get(over.lead_id).postponed_to(LATER), "hung_up_early")
    backend.settle(over, make_line())
    return over


def broken(engine: Engine, *, look_back: timedelta | None = None) -> dict[str, tuple[str, ...]]:
    found = SqlInvariants(engine).violations(LATER, look_back=look_back)
    assert all(violation.meaning == INVARIANTS[violation.invariant] for violation in found)
    return {violation.invariant: violation.ids for violation in found}


def meddle(engine: Engine, *statements: str) -> None:
    """Change the books behind the guards' back."""
    with engine.begin() as db:
        db.execute(text("set local session_replication_role = replica"))
        for statement in statements:
            db.execute(text(statement))


@pytest.mark.parametrize("look_back", [None, timedelta(days=1)])
def test_all_is_well(engine: Engine, attempt: CallAttempt, look_back: timedelta | None) -> None:
    assert broken(engine, look_back=look_back) == {}


@pytest.mark.parametrize(
    ("invariant", "statement"),
    [
        ("I4", "update call_attempts set dial_deadline = dial_started_at - interval '1 second'"),
        ("I4", "delete from permissions"),
        ("I4", "update permissions set at = at - interval '1 hour'"),
        (
            "I4",
            "insert into campaign_moves (campaign_id, at, state) "
            "select id, timestamptz '2026-03-04 17:59Z', 'paused' from campaigns",
        ),
        (
            "I4b",
            "insert into suppressions (id, phone, reason, at, evidence) "
            "select gen_random_uuid(), phone, 'do_not_call', dial_started_at - interval '1 hour', '' "
            "from call_attempts",
        ),
        ("I6", "update call_attempts set state = 'ringing', provider_sid = null, ended_at = null"),
        ("I7", "update ledger_entries set amount_micro_usd = amount_micro_usd + 1 where number = 1"),
        ("I9", "update reservations set state = 'held'"),
        ("I9", "delete from reservations"),
        ("I12", "update call_attempts set streamed_at = answered_at, disposition = null"),
        ("I14", "update campaigns set cadence = jsonb_set(cadence, '{max_attempts}', '0')"),
        ("L1", "update leads set status = 'claimed'"),
    ],
)
def test_what_was_broken_is_found(engine: Engine, attempt: CallAttempt, invariant: str, statement: str) -> None:
    meddle(engine, statement)

    assert invariant in broken(engine)


def test_an_attempt_that_nobody_ended_is_found(backend: Backend, engine: Engine) -> None:
    planned = backend.plan()

    assert broken(engine) == {"I5": (planned.id,)}


def test_who_calls_us_while_we_ring_breaks_nothing(backend: Backend, engine: Engine) -> None:
    backend.plan()
    meddle(
        engine,
        "insert into call_attempts select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(), "
        "'direction', 'inbound', 'purpose', 'inbound'))).* from call_attempts a",
    )

    assert "I1" not in broken(engine)


def test_another_sellers_lead_is_found(engine: Engine, attempt: CallAttempt) -> None:
    meddle(
        engine,
        "insert into sellers values ('01900000-0000-7000-8000-0000000000bb', 'Other LLC', '+13125550199')",
        "update leads set seller_id = '01900000-0000-7000-8000-0000000000bb'",
    )

    assert broken(engine) == {"I15": (attempt.id,)}


def test_messages_that_lie_about_are_found(backend: Backend, engine: Engine) -> None:
    backend.outbox.put(
        [NewMessage(topic="dial", available_at=NOON), NewMessage(topic="dial", available_at=LATER)], NOON
    )
    meddle(engine, "update outbox set dead_at = available_at where available_at > '2026-03-04 18:20Z'")

    assert {invariant: len(ids) for invariant, ids in broken(engine).items()} == {"I10": 1, "I18": 1}


def test_who_opted_out_and_waits_is_found(backend: Backend, engine: Engine) -> None:
    lead = backend.add_lead()
    meddle(
        engine,
        "insert into suppressions (id, phone, reason, at, evidence) "
        "select gen_random_uuid(), phone, 'opt_out', timestamptz '2026-03-04 18:00Z', '' from leads",
    )

    assert broken(engine) == {"L2": (lead.id,)}
