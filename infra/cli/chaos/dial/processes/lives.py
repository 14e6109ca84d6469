"""Life after life of a control plane that dies at one step, until every call has come to its one end."""

import json
import os
import select
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from random import Random

import psycopg
from sqlalchemy import Engine

from infra.cli.chaos.dial.crowd import NOON, crowd
from infra.cli.chaos.dial.faults import CALM, Dice
from infra.cli.chaos.dial.furnish import AMPLE, furnish
from infra.cli.chaos.dial.parts import Parts
from infra.cli.chaos.dial.processes.steps import KILLED, Step
from infra.cli.chaos.dial.processes.town import OUR_NUMBER, Town
from infra.cli.rows import Row
from infra.simulator.carrier.faults import Faults
from shared.campaigns import Cadence, Seller
from shared.campaigns.number_pool import register_caller_id
from shared.costs import Budget
from shared.kernel.clock import CivilClock
from shared.storage.invariants import SqlInvariants

PEOPLE = 8
SETTLES_WITHIN_SECONDS = 45.0
LONGEST_DEATH_SECONDS = 10.0
LOOKED_AT = timedelta(seconds=3)
"""So long a lead that is being looked at may seem not to be due: longer than ``examine_within``."""
SLOW = frozenset({"I10", "I18"})
"""Invariants about messages, whose times are not shortened here."""
UNEASY = Faults(seed=1, create_5xx_after=0.25, create_5xx_before=0.15, callback_lost=0.3, callback_duplicated=0.2)
OPEN = """
select count(*) from call_attempts a left join reservations r on r.attempt_id = a.id
where a.ended_at is null or a.disposition is null or r.state not in ('settled', 'void')
"""
BUSY = "select count(*) from leads where status in ('claimed', 'in_call')"
WAITS = "select count(*) from leads where status = 'ready' and next_attempt_at <= %s"


@dataclass
class Ground:
    """What a row of steps is tried on: a database, a Redis, a town, and a nursery of control planes."""

    engine: Engine
    db: psycopg.Connection
    parts: Parts
    town: Town
    nursery: subprocess.Popen[str]
    clock: CivilClock
    port: int
    chance: Random
    people: int = 0
    seller: Seller | None = None
    left: list[str] = field(default_factory=list)

    def dies_at(self, step: Step, repeats: int) -> Row:
        """So many deaths at the step, and what they did."""
        self.town.set_faults(UNEASY if step.function in ("reconcile_calls", "dial_lead") else replace(UNEASY, seed=2))
        deaths, until = 0, time.monotonic() + LONGEST_DEATH_SECONDS * (1 + repeats)
        while deaths < repeats and time.monotonic() < until:
            self._settle_in()
            deaths += self._lives(step) == KILLED
        self._lives(None)
        wrong = self._wrong()
        named = f": {'; '.join(wrong[:3])}" if wrong else ""
        return Row(
            name=f"real processes die at {step}{named}",
            value=deaths,
            unit="deaths",
            bar=repeats,
            holds=deaths >= repeats and not wrong,
        )

    def _settle_in(self) -> None:
        """New people, once most of those before have been rung."""
        if self._waiting() > 1:
            return
        dice = Dice(f"ground/{self.people}", CALM)
        society = crowd(campaigns=1)(dice, PEOPLE)
        seller = self.seller = self.seller or society.sellers[0]
        campaign = replace(
            society.campaigns[0],
            seller_id=seller.id,
            caller_id=OUR_NUMBER,
            cadence=Cadence(max_attempts=2, delays={}),
        )
        society.sellers, society.campaigns, due_at = [seller], [campaign], self.clock.now() - timedelta(seconds=1)
        phones = {lead.phone: f"+1512234{self.people + number:04d}" for number, lead in enumerate(society.leads)}
        society.leads = [
            replace(
                each, phone=phones[each.phone], seller_id=seller.id, campaign_id=campaign.id, next_attempt_at=due_at
            )
            for each in society.leads
        ]
        society.consents = [replace(each, phone=phones[each.phone], seller_id=seller.id) for each in society.consents]
        if self.people == 0:
            furnish(self.parts, society, dice, worst_case=lambda _campaign: AMPLE)
        else:
            self.parts.costs.add_budget(Budget(id=campaign.budget_id, seller_id=seller.id, limit=AMPLE))
            self.parts.campaigns.save(campaign)
            register_caller_id(campaign, self.parts.own_numbers, now=NOON)
            self.parts.leads.add(society.leads, society.consents)
        self.people += PEOPLE

    def _lives(self, step: Step | None) -> int:
        """One life: until its death, or until nothing is open any more."""
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        order = {
            "port": self.port,
            "step": asdict(step) if step else None,
            "nth": self.chance.randint(1, 3),
            "harness": os.getpid(),
        }
        self.nursery.stdin.write(json.dumps(order) + "\n")
        self.nursery.stdin.flush()
        until = time.monotonic() + SETTLES_WITHIN_SECONDS
        while not self._has_answered():
            if self._is_settled() or time.monotonic() > until:
                self.nursery.terminate()
                break
        return int(json.loads(self.nursery.stdout.readline())["status"])

    def _has_answered(self) -> bool:
        assert self.nursery.stdout is not None
        ready, _, _ = select.select([self.nursery.stdout], [], [], 0.2)
        return bool(ready)

    def _is_settled(self) -> bool:
        is_quiet = self._count(OPEN) == 0 and self._count(BUSY) == 0
        return is_quiet and self._waiting() == 0

    def _waiting(self) -> int:
        return self._count(WAITS, [self.clock.now() + LOOKED_AT])

    def _wrong(self) -> list[str]:
        calls = self.town.calls()
        broken = SqlInvariants(self.engine).violations(self.clock.now())
        self.left = [
            f"{each.invariant} {each.meaning}: {', '.join(each.ids[:2])}"
            for each in broken
            if each.invariant not in SLOW
        ]
        return [
            *(f"attempt {attempt} rung {len(sids)} times" for attempt, sids in calls.items() if len(sids) > 1),
            *(f"attempt {attempt} talked to twice" for attempt, sids in self.town.talks.items() if len(sids) > 1),
            *([f"{self._count(OPEN)} attempts open"] if self._count(OPEN) else []),
            *([f"{self._count(BUSY)} leads held"] if self._count(BUSY) else []),
            *([f"ledger out by {self.parts.costs.ledger_imbalance()}"] if self.parts.costs.ledger_imbalance() else []),
            *self.left,
        ]

    def _count(self, query: str, values: Sequence[object] = ()) -> int:
        row = self.db.execute(query.encode(), values or None).fetchone()
        return int(row[0]) if row else 0
