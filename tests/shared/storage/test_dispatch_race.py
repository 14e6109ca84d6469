"""Sixty-four at once on real PostgreSQL: no lead is claimed twice, no money spent twice, no campaign overfilled."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from shared.adapters.memory import MemoryCapacity
from shared.calls.dispatch import dispatch_campaign
from shared.calls.facts import FactSource
from shared.calls.ports import Lease
from shared.campaigns import CampaignState
from shared.campaigns.calling_plan import CallingPlan
from shared.campaigns.number_pool import register_caller_id
from shared.costs import BudgetExhausted
from shared.kernel.ids import AttemptId, new_id
from shared.kernel.money import ZERO, Money
from shared.storage.number_checks import SqlNumberCheckRepository
from shared.storage.registries import SqlRegistryRepository
from shared.storage.sign_offs import SqlSignOffRepository
from tests.contracts.backends import Backend
from tests.contracts.nouns import (
    BUDGET_ID,
    CAMPAIGN_ID,
    NOON,
    make_attempt,
    make_campaign,
    make_consent,
    make_lead,
    make_permission,
    make_reservation,
)
from tests.contracts.race import at_once
from tests.shared.calls.world import take_copy

MANY = 64
WORST_CASE = Money.usd("0.15")
LEASE = Lease(worker="w1", epoch="e1", url="ws://127.0.0.1:9", slots=1000, live=0, ready=True)


@pytest.fixture
def sources(backend: Backend, engine: Engine) -> FactSource:
    """A hundred Texans who may be rung, and room for all of them."""
    registries = SqlRegistryRepository(engine)
    take_copy(registries, taken_on=NOON.date() - timedelta(days=1), begun_at=NOON - timedelta(days=1))
    leads = [
        make_lead(phone=f"+1512555{number:04d}", timezone="America/Chicago", state="TX", next_attempt_at=NOON)
        for number in range(100)
    ]
    consents = [
        make_consent(lead, source_url="https://example.com", text="Harbor Homes LLC may call me with an AI voice.")
        for lead in leads
    ]
    backend.leads.add(leads, consents)
    return FactSource(
        leads=backend.leads,
        consents=backend.consents,
        suppressions=backend.suppressions,
        registries=registries,
        number_checks=SqlNumberCheckRepository(engine),
        sign_offs=SqlSignOffRepository(engine),
        campaigns=backend.campaigns,
        own_numbers=backend.own_numbers,
        calls=backend.calls,
        costs=backend.costs,
        capacity=MemoryCapacity(LEASE),
        stops=backend.stops,
        worst_case=lambda _campaign: WORST_CASE,
    )


def dispatch_at_once(backend: Backend, sources: FactSource, *, most: int) -> list[int]:
    """How many each of 64 rounds planned in a campaign that may ring ``most`` at once."""
    campaign = make_campaign(state=CampaignState.RUNNING, max_concurrency=most, plan=CallingPlan(calls_per_minute=1000))
    backend.campaigns.save(campaign)
    register_caller_id(campaign, backend.own_numbers, now=NOON)
    rounds = at_once(
        MANY,
        lambda _: dispatch_campaign(CAMPAIGN_ID, sources=sources, now=NOON, new_attempt_id=lambda: AttemptId(new_id())),
    )
    return [done.planned for done in rounds]


def assert_the_books_agree(engine: Engine, backend: Backend, planned: int) -> None:
    with engine.connect() as db:
        rows = db.execute(text("select lead_id, phone from call_attempts where ended_at is null")).all()
        claimed = db.execute(text("select count(*) from leads where status = 'claimed'")).scalar_one()
    assert len(rows) == planned == claimed
    assert max(Counter(row.phone for row in rows).values()) == 1
    assert max(Counter(row.lead_id for row in rows).values()) == 1
    assert backend.costs.budget(BUDGET_ID).pending == WORST_CASE.times(planned)
    assert backend.costs.ledger_imbalance() == ZERO


def test_sixty_four_dispatchers_never_double_claim(backend: Backend, engine: Engine, sources: FactSource) -> None:
    planned = sum(dispatch_at_once(backend, sources, most=1000))

    assert planned == 66  # ten dollars hold sixty-six times fifteen cents
    assert_the_books_agree(engine, backend, planned)
    assert sources.capacity.free() == 1000 - planned


def test_sixty_four_dispatchers_never_overfill_a_campaign(
    backend: Backend, engine: Engine, sources: FactSource
) -> None:
    planned = sum(dispatch_at_once(backend, sources, most=10))

    assert planned == 10
    assert_the_books_agree(engine, backend, planned)


def test_sixty_four_who_take_due_leads_share_them(backend: Backend, sources: FactSource) -> None:
    taken = at_once(
        MANY,
        lambda _: backend.calls.take_due(CAMPAIGN_ID, NOON, limit=2, until=NOON + timedelta(seconds=30)),
    )

    ids = [lead.id for leads in taken for lead in leads]
    assert len(ids) == len(set(ids)) == 100


def test_sixty_four_reservers_never_overspend(backend: Backend, engine: Engine, sources: FactSource) -> None:
    leads = backend.calls.take_due(CAMPAIGN_ID, NOON, limit=MANY, until=NOON + timedelta(seconds=30))

    def reserve(number: int) -> bool:
        attempt = make_attempt(leads[number])
        try:
            backend.calls.plan(attempt, leads[number], make_permission(), make_reservation(attempt, "0.30"))
        except BudgetExhausted:
            return False
        return True

    assert at_once(MANY, reserve).count(True) == 33
    assert backend.costs.budget(BUDGET_ID).pending == Money.usd("9.90")
