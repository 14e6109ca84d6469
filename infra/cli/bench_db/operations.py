"""What the clients do: our repositories' methods, and beside each the naive way of doing the same."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count

import psycopg
from sqlalchemy import Engine, insert, select, update

from infra.cli.bench_db.seed import Size, attempt_id, campaign_id, lead_id, sid
from shared.calls.folding import joined
from shared.calls.provider_event import ProviderEvent
from shared.leads import LeadStatus
from shared.storage.call_folds import SqlCallFolds
from shared.storage.calls import SqlCallRepository
from shared.storage.engine import make_engine
from shared.storage.leads import SqlLeadRepository
from shared.storage.tables import call_attempts, call_events, leads

Work = Callable[[random.Random], bool]
"""Does one thing; whether it found everything that it was to do it with."""
SEEDED_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
AGAIN = SEEDED_AT
"""Until when taken leads are kept from others: no longer, so that there is always something to take."""
STATUSES = ("initiated", "ringing", "in-progress", "completed")
CLAIM = 10


def _engine(database_url: str) -> Engine:
    """One connection, as the one-machine runtime makes them."""
    return make_engine(database_url, pool_size=1, prepares=True)


def claim(database_url: str, size: Size) -> Work:
    """Ten due leads of a campaign, kept from other rounds."""
    calls = SqlCallRepository(_engine(database_url))

    def work(dice: random.Random) -> bool:
        campaign = campaign_id(dice.randrange(size.campaigns))
        return len(calls.take_due(campaign, SEEDED_AT, limit=CLAIM, until=AGAIN)) == CLAIM

    return work


def naive_claim(database_url: str, size: Size) -> Work:
    """Lock the first ten, whoever else waits for them, then change them one by one."""
    engine = make_engine(database_url, pool_size=1)
    due = (leads.c.status == LeadStatus.READY) & (leads.c.next_attempt_at <= SEEDED_AT)

    def work(dice: random.Random) -> bool:
        campaign = campaign_id(dice.randrange(size.campaigns))
        first = select(leads.c.id).where(leads.c.campaign_id == campaign, due)
        first = first.order_by(leads.c.priority.desc(), leads.c.next_attempt_at).limit(CLAIM)
        with engine.begin() as db:
            found = db.execute(first.with_for_update()).scalars().all()
            for each in found:
                db.execute(update(leads).where(leads.c.id == each).values(next_attempt_at=AGAIN))
        return len(found) == CLAIM

    return work


def read_lead(database_url: str, size: Size) -> Work:
    """A lead by its id."""
    repository = SqlLeadRepository(_engine(database_url))
    return lambda dice: bool(repository.get(lead_id(dice.randrange(1, size.leads + 1))))


def driver_read(database_url: str, _size: Size) -> Work:
    """The least there is: an empty statement by the driver alone, over a connection that is kept."""
    db = psycopg.connect(database_url, autocommit=True).cursor()
    return lambda _dice: bool(db.execute("select 1", prepare=True).fetchone())


def naive_read_lead(database_url: str, size: Size) -> Work:
    """The same over a connection of its own, as a function without a pool would."""

    def work(dice: random.Random) -> bool:
        engine = make_engine(database_url, pool_size=1)
        SqlLeadRepository(engine).get(lead_id(dice.randrange(1, size.leads + 1)))
        engine.dispose()
        return True

    return work


def read_attempt(database_url: str, size: Size) -> Work:
    """An attempt by its id."""
    repository = SqlCallRepository(_engine(database_url))
    return lambda dice: bool(repository.get(attempt_id(dice.randrange(1, size.leads + 1))))


def naive_read_attempt(database_url: str, size: Size) -> Work:
    """The same over a connection of its own."""

    def work(dice: random.Random) -> bool:
        engine = make_engine(database_url, pool_size=1)
        SqlCallRepository(engine).get(attempt_id(dice.randrange(1, size.leads + 1)))
        engine.dispose()
        return True

    return work


def fold_one(database_url: str, size: Size) -> Work:
    """Keep one new callback and bring its attempt up to date, as the queue's consumer does."""
    folds = SqlCallFolds(_engine(database_url))
    numbers = count()

    def work(dice: random.Random) -> bool:
        event = _event(size, dice, next(numbers))
        opened = folds.open([event.attempt_id], came=[event])
        return bool(opened.new and folds.fold(opened, joined))

    return work


def naive_fold(database_url: str, size: Size) -> Work:
    """A transaction for every step: keep the callback, read the attempt, write its newest status over it."""
    engine = make_engine(database_url, pool_size=1)
    numbers = count()

    def work(dice: random.Random) -> bool:
        event = _event(size, dice, next(numbers))
        _insert_event(engine, event)
        with engine.begin() as db:
            db.execute(select(call_attempts).where(call_attempts.c.id == event.attempt_id)).one()
        with engine.begin() as db:
            db.execute(select(call_events).where(call_events.c.attempt_id == event.attempt_id)).all()
        with engine.begin() as db:
            this = update(call_attempts).where(call_attempts.c.id == event.attempt_id)
            db.execute(this.values(answered_by=event.payload["CallStatus"]))
        return True

    return work


def _insert_event(engine: Engine, event: ProviderEvent) -> None:
    row = {
        "attempt_id": event.attempt_id,
        "kind": event.kind,
        "dedupe_key": event.dedupe_key,
        "at": event.at,
        "payload": dict(event.payload),
    }
    with engine.begin() as db:
        db.execute(insert(call_events).values(row))


def _event(size: Size, dice: random.Random, number: int) -> ProviderEvent:
    """A callback of one of the calls under way, unlike any before."""
    which = size.leads + dice.randrange(1, size.live + 1)
    status = STATUSES[number % len(STATUSES)]
    sequence = f"{dice.getrandbits(48)}"
    return ProviderEvent(
        attempt_id=attempt_id(which),
        kind="status",
        dedupe_key=f"status:{sid(which)}:{status}:{sequence}",
        at=SEEDED_AT,
        payload={"CallSid": sid(which), "CallStatus": status, "SequenceNumber": sequence, "CallDuration": "61"},
    )


OPERATIONS: Mapping[str, Callable[[str, Size], Work]] = {
    "claim": claim,
    "naive_claim": naive_claim,
    "read_lead": read_lead,
    "driver_read": driver_read,
    "naive_read_lead": naive_read_lead,
    "read_attempt": read_attempt,
    "naive_read_attempt": naive_read_attempt,
    "fold": fold_one,
    "naive_fold": naive_fold,
}
