"""Sixty-four who want the same money at once: every limit holds, nobody waits in a circle, the books are in order."""

from dataclasses import replace
from random import Random

import pytest

from shared.calls import CallAttempt
from shared.campaigns import Campaign
from shared.costs import Budget, BudgetExhausted, Period, Scope
from shared.costs.booking import Account, Booking, truing_up
from shared.kernel.errors import Conflict
from shared.kernel.ids import BudgetId, CampaignId, SellerId, new_id
from shared.kernel.money import ZERO, Money
from shared.leads import Lead
from tests.contracts.backends import Backend
from tests.contracts.nouns import (
    NOON,
    SELLER,
    make_attempt,
    make_budget,
    make_campaign,
    make_consent,
    make_lead,
    make_line,
    make_permission,
    make_reservation,
)
from tests.contracts.race import at_once

MANY = 64
ONE, TWO = Money.usd("1"), Money.usd("2")


def campaigns(backend: Backend) -> list[Campaign]:
    """Two sellers with two campaigns each; the first has its ten dollars already."""
    other = replace(SELLER, id=SellerId(new_id()))
    backend.campaigns.add_seller(other)
    made = [make_campaign()]
    for seller in (SELLER, other, other):
        budget = make_budget(id=BudgetId(new_id()), seller_id=seller.id)
        backend.costs.add_budget(budget)
        made.append(make_campaign(id=CampaignId(new_id()), seller_id=seller.id, budget_id=budget.id))
        backend.campaigns.save(made[-1])
    return made


def people(backend: Backend, of: list[Campaign], many: int = MANY) -> list[Lead]:
    """Leads of the campaigns in turn."""
    leads = []
    for number in range(many):
        campaign = of[number % len(of)]
        phone = f"+1312555{number:04d}"
        leads.append(make_lead(phone=phone, seller_id=campaign.seller_id, campaign_id=campaign.id))
    backend.leads.add(leads, [make_consent(lead) for lead in leads])
    return leads


def plan(backend: Backend, lead: Lead, campaign: Campaign, amount: Money = ONE) -> CallAttempt | None:
    attempt = make_attempt(lead)
    ids = tuple(each.id for each in backend.costs.budgets_for(campaign, NOON))
    reservation = replace(make_reservation(attempt), budget_ids=ids, amount=amount)
    try:
        backend.calls.plan(attempt, lead, make_permission(), reservation)
    except BudgetExhausted:
        return None
    return attempt


def all_budgets(backend: Backend, of: list[Campaign]) -> list[Budget]:
    return [budget for campaign in of for budget in backend.costs.budgets_for(campaign, NOON)]


@pytest.mark.parametrize(
    ("scope", "period"),
    [(Scope.INSTALLATION, Period.MONTH), (Scope.INSTALLATION, Period.DAY), (Scope.SELLER, Period.WEEK)],
)
def test_no_limit_is_ever_overspent(backend: Backend, scope: Scope, period: Period) -> None:
    mine = campaigns(backend)
    leads = people(backend, mine)
    for seller in {campaign.seller_id for campaign in mine}:
        owner = seller if scope is Scope.SELLER else None
        backend.costs.set_limit(scope, period, Money.usd("9.50"), seller_id=owner, now=NOON)

    planned = at_once(MANY, lambda n: plan(backend, leads[n], mine[n % len(mine)]))

    held = sum(attempt is not None for attempt in planned)
    assert held == (9 if scope is Scope.INSTALLATION else 18)
    assert all(budget.headroom >= ZERO for budget in all_budgets(backend, mine))
    assert backend.costs.ledger_imbalance() == ZERO


def test_campaigns_and_periods_are_bound_at_once(backend: Backend) -> None:
    mine = campaigns(backend)
    leads = people(backend, mine)
    backend.costs.set_limit(Scope.INSTALLATION, Period.MONTH, Money.usd("23"), seller_id=None, now=NOON)
    backend.costs.set_limit(Scope.SELLER, Period.DAY, Money.usd("7"), seller_id=SELLER.id, now=NOON)

    at_once(MANY, lambda n: plan(backend, leads[n], mine[n % len(mine)]))

    by_name = {(each.name, each.seller_id): each for each in all_budgets(backend, mine)}
    assert by_name["installation month", None].pending == Money.usd("23")
    assert by_name["seller day", SELLER.id].pending <= Money.usd("7")
    assert by_name["campaign", SELLER.id].pending <= Money.usd("10")
    assert backend.costs.ledger_imbalance() == ZERO


def test_everything_at_once_never_waits_in_a_circle(backend: Backend) -> None:
    mine = campaigns(backend)
    leads = people(backend, mine)
    held = [plan(backend, leads[n], mine[n % len(mine)]) for n in range(32)]
    chance = Random(5)
    acts = [chance.choice(("settle", "void", "true up", "limit")) for _ in range(32)] + ["plan"] * 32

    def act(number: int) -> str:
        attempt = held[number] if number < 32 else None
        if acts[number] == "plan":
            return "held" if plan(backend, leads[number], mine[number % len(mine)], TWO) else "refused"
        if acts[number] == "limit":
            backend.costs.set_limit(Scope.INSTALLATION, Period.WEEK, Money.usd("30"), seller_id=None, now=NOON)
            return "limit"
        assert attempt is not None
        if acts[number] == "void":
            backend.costs.void(attempt.id, now=NOON)
        else:
            backend.settle(attempt, make_line("0.5"))
        if acts[number] == "true up":
            backend.costs.book(attempt.id, _priced)
        return acts[number]

    done = at_once(MANY, act)

    assert len(done) == MANY
    weeks = [each for each in all_budgets(backend, mine) if each.name == "installation week"]
    assert all(each.headroom >= ZERO for each in weeks)
    assert backend.costs.ledger_imbalance() == ZERO


def test_a_new_day_is_begun_by_many(backend: Backend) -> None:
    mine = campaigns(backend)

    found = at_once(MANY, lambda n: {each.id for each in backend.costs.budgets_for(mine[n % len(mine)], NOON)})

    assert len(set.union(*found)) == len(mine) + 2 * 3 + 3


def test_many_settlements_of_one_call_book_it_once(backend: Backend) -> None:
    [campaign, *_] = mine = campaigns(backend)
    attempt = plan(backend, people(backend, mine, 1)[0], campaign)
    assert attempt is not None

    def either(number: int) -> bool:
        if number % 3 == 0:
            return backend.costs.void(attempt.id, now=NOON)
        try:
            return backend.settle(
                attempt, make_line("0.25"), *([make_line("0.01", vendor="ears")] * (number % 2)), basis=number % 2
            )
        except Conflict:
            return False

    at_once(MANY, either)

    assert {each.posted for each in backend.costs.budgets_for(campaign, NOON)} == {Money.usd("0.26")}
    assert backend.costs.ledger_imbalance() == ZERO


def _priced(account: Account) -> Booking | None:
    return truing_up(account, Money.usd("0.6"), sid=account.reservation.attempt_id, now=NOON)
