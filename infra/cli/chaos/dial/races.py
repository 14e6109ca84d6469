"""Sixty-four at once on a real database: money is never spent twice, nobody is claimed twice."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from threading import Barrier
from typing import TypeVar

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Engine, text

from functions import dispatch_leads
from infra.cli.chaos.dial.crowd import PLENTY, crowd
from infra.cli.chaos.dial.faults import CALM, Dice
from infra.cli.chaos.dial.parts import sql_parts
from infra.cli.chaos.dial.servers import a_database, an_engine, emptied
from infra.cli.chaos.dial.society import Society
from infra.cli.chaos.dial.world import Plan, World
from infra.cli.rows import Row
from shared.adapters.memory import MemoryCapacity
from shared.calls.ports import Lease
from shared.costs import BudgetExhausted, Period, Reservation, Scope
from shared.kernel.errors import ReautoError
from shared.kernel.money import ZERO, Money
from shared.storage.calls import planning
from shared.storage.costs.budgets import budget_of
from shared.storage.costs.holds import BUDGETS, reservation_row
from shared.storage.light.connections import Connections
from shared.storage.statements import Db

MANY = 64
PEOPLE = 128
AFFORDABLE = 40
ONE_LIVE = "call_attempts_one_live_idx"
T = TypeVar("T")
HELD = "insert into reservations select * from jsonb_populate_record(null::reservations, %(reservation)s)"
PENDING = "update budgets set pending_micro_usd = %(pending)s where id = %(id)s"
CLAIMED_TWICE = """
select coalesce(sum(many - 1), 0) from (
  select count(*) as many from call_attempts where ended_at is null group by phone having count(*) > 1
) as phones
"""


def at_once(many: int, act: Callable[[int], T]) -> list[T]:
    """What each of ``many`` threads got, which all started together; each is told its number."""
    start = Barrier(many)

    def run(number: int) -> T:
        start.wait()
        return act(number)

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(run, range(many)))


def race_rows(server_url: str, seed: int) -> Sequence[Row]:
    """What sixty-four at once came to, and the same without what keeps them apart."""
    with an_engine(a_database(server_url), pool_size=MANY) as engine:
        planned, overspent = race_for_money(engine, seed)
        people, twice = race_for_people(engine, seed)
        beyond, unguarded = race_without_guards(engine, seed)
    return [
        Row(
            name=f"{MANY} reservers at once: beyond the limit, {planned} held",
            value=float(overspent.dollars()),
            unit="USD",
            baseline=float(beyond.dollars()),
            bar=0,
            holds=overspent == ZERO and planned == AFFORDABLE,
        ),
        Row(
            name=f"{MANY} dispatchers at once: claimed twice, {people} planned",
            value=twice,
            unit="people",
            baseline=unguarded,
            bar=0,
            holds=twice == 0 and people == PEOPLE,
        ),
        Row(
            name="planted bug noticed: sum, then reserve (PostgreSQL)",
            value=float(beyond.dollars()),
            unit="USD",
            holds=beyond > ZERO,
        ),
        Row(
            name="planted bug noticed: no unique index of live attempts (PostgreSQL)",
            value=unguarded,
            unit="people",
            holds=unguarded > 0,
        ),
    ]


def race_without_guards(engine: Engine, seed: int) -> tuple[Money, int]:
    """The same races on a database without the unique index, and with a sum that is read before it is changed."""
    guarded = vars(planning)["hold"]
    vars(planning)["hold"] = _naively
    try:
        beyond = race_for_money(engine, seed)[1]
    finally:
        vars(planning)["hold"] = guarded
    with engine.begin() as db:
        db.execute(text(f"drop index {ONE_LIVE}"))
    return beyond, race_for_people(engine, seed)[1]


def _naively(db: Db, reservation: Reservation, **_limits: object) -> bool:
    """Look whether there is room, then hold: whoever looks at the same time sees the same room."""
    rows = db.execute(BUDGETS, {"budgets": list(reservation.budget_ids)}).fetchall()
    known = [budget_of(row) for row in rows]
    if any(budget.headroom < reservation.amount for budget in known):
        raise BudgetExhausted(f"no room for {reservation.amount}")
    db.execute(HELD, {"reservation": Jsonb(reservation_row(reservation))})
    for budget in known:
        pending = budget.pending.micro_usd + reservation.amount.micro_usd
        db.execute(PENDING, {"pending": pending, "id": budget.id})
    return True


def race_for_money(engine: Engine, seed: int) -> tuple[int, Money]:
    """Sixty-four campaigns whose seller has money for some of their people: how many were planned, and what beyond."""
    with ExitStack() as kept:
        world = _world(engine, seed, kept, people=crowd(campaigns=MANY))
        seller, one = world.society.sellers[0], world.society.campaigns[0]
        worst_case, now = world.worst_case(one), world.timeline.now()
        limit = worst_case.times(AFFORDABLE)
        budget = world.parts.costs.set_limit(Scope.SELLER, Period.DAY, limit, seller_id=seller.id, now=now)
        for campaign in world.society.campaigns:
            world.parts.costs.budgets_for(campaign, now)
        _dispatch_at_once(world)
        with engine.connect() as db:
            held = Money(
                db.execute(text("select coalesce(sum(amount_micro_usd), 0)::bigint from reservations")).scalar_one()
            )
        counted = world.parts.costs.budget(budget.id).pending
        wrong = max(held.micro_usd - limit.micro_usd, 0) + abs(held.micro_usd - counted.micro_usd)
        return held.micro_usd // worst_case.micro_usd, Money(wrong)


def race_for_people(engine: Engine, seed: int) -> tuple[int, int]:
    """Sixty-four dispatchers of two campaigns that know the same people: how many were rung, how many twice."""
    with ExitStack() as kept:
        world = _world(engine, seed, kept, people=crowd(campaigns=2, shared=True))
        _dispatch_at_once(world)
        with engine.connect() as db:
            planned = db.execute(text("select count(*) from call_attempts")).scalar_one()
            return int(planned), int(db.execute(text(CLAIMED_TWICE)).scalar_one())


def _dispatch_at_once(world: World) -> None:
    ids = [campaign.id for campaign in world.society.campaigns]

    def dispatch(number: int) -> None:
        with suppress(ReautoError):  # a lost race, or a lock that was waited for too long: the message would come again
            dispatch_leads.handle({"campaign_id": ids[number % len(ids)]}, world.wiring.services)

    at_once(MANY, dispatch)


def _world(engine: Engine, seed: int, kept: ExitStack, *, people: Callable[[Dice, int], Society]) -> World:
    url = emptied(engine).url.render_as_string(hide_password=False).replace("+psycopg", "")
    outbox = kept.enter_context(psycopg.connect(url, autocommit=True))
    connections = Connections(url, size=2)
    kept.callback(connections.close)
    lease = Lease(worker="w1", epoch="e1", url="ws://node:9", slots=PLENTY, live=0, ready=True)
    world = World(
        plan=Plan(seed=f"{seed}/race", people=PEOPLE, faults=CALM),
        books=lambda _store: sql_parts(engine, connections, outbox),
        people=people,
        spoil=lambda _world, whole: replace(whole, outside=replace(whole.outside, room=MemoryCapacity(lease))),
    )
    world.begin()
    return world
