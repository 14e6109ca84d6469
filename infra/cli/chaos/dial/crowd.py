"""Many people of one town who may all be rung at once: for races and for callbacks in every order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from infra.cli.chaos.dial.carrier import ModelCall
from infra.cli.chaos.dial.faults import Dice
from infra.cli.chaos.dial.law import PLACES
from infra.cli.chaos.dial.society import Ids, Person, Society, add_lead, make_society
from shared.campaigns import CallingPlan
from shared.kernel.ids import BudgetId, CampaignId

NOON = datetime.fromisoformat("2026-09-16T18:00:00+00:00")
"""A Wednesday, early afternoon in Texas."""
PLENTY = 10_000


def crowd(*, campaigns: int, shared: bool = False) -> Callable[[Dice, int], Society]:
    """Makes a society of one seller with so many campaigns, in which everybody is due.

    ``shared``: every campaign knows everybody; otherwise each person is known to one.
    """

    def make(dice: Dice, people: int) -> Society:
        society, new_id = make_society(dice, 0), Ids(dice)
        society.start = NOON
        one = replace(
            society.campaigns[0],
            max_concurrency=PLENTY,
            plan=CallingPlan(calls_per_minute=PLENTY),
            created_at=NOON,
        )
        society.campaigns = [
            replace(one, id=CampaignId(new_id()), budget_id=BudgetId(new_id()), name=f"campaign {number}")
            for number in range(campaigns)
        ]
        for number in range(people):
            place, phone = PLACES[0], f"+1{PLACES[0].area_code}234{number:04d}"
            society.people[phone] = Person(phone=phone, place=place, answers=1.0, busy=0.0)
            for campaign in society.campaigns if shared else [society.campaigns[number % campaigns]]:
                add_lead(society, campaign, society.people[phone], dice, due_at=NOON)
        return society

    return make


class Silence:
    """``Life`` in which calls never go on: what the carrier says of them is said by hand."""

    def begins(self, call: ModelCall, queue_seconds: float) -> None:
        """It rings, and nothing follows."""
        call.status = "ringing"

    def ends(self, call: ModelCall, status: str) -> None:
        """Over."""
        call.status = status
