"""Facts of a lead who may be rung, and the few changes that tests make to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from shared.calls import Finding, Verdict
from shared.calls.decide import decide
from shared.calls.known import CampaignFacts, LeadFacts, Moment, PermissionFacts
from shared.calls.ports import CallFacts
from shared.campaigns.calling_hours import calling_hours
from shared.campaigns.own_number import OwnNumber
from shared.campaigns.sign_off import SignOff
from shared.costs import Budget
from shared.kernel.ids import BudgetId, SellerId
from shared.kernel.local_time import clock_of
from shared.kernel.money import Money
from shared.leads import Suppression, SuppressionReason
from shared.leads.number_plan import number_plan
from shared.leads.registry import Listing, Registry
from tests.shared.calls.world import NOON, SELLER, make_campaign, make_consent, make_lead

LEAD = make_lead()
NATIONAL = Listing(
    registry=Registry.NATIONAL, copy_id="copy-1", taken_on=NOON.date() - timedelta(days=1), covers=True, is_listed=False
)


def placed(
    states: Sequence[str], zones: Sequence[str], *, at: datetime = NOON, sign_offs: Sequence[SignOff] = ()
) -> dict[str, Any]:
    """The facts about a place: its law and its clocks."""
    return {
        "law": calling_hours().law_for(states, on=at.date(), sign_offs=sign_offs),
        "clocks": tuple(clock_of(zone, around=at) for zone in zones),
    }


def campaign_facts(**changes: Any) -> CampaignFacts:
    """The facts of the campaign of the world."""
    return CampaignFacts.of(make_campaign(**changes), seller_name=SELLER.registered_name)


def lead_facts(**changes: Any) -> LeadFacts:
    """The facts of the lead of the world."""
    return LeadFacts.of(make_lead(**changes))


GOOD = PermissionFacts(
    moment=Moment.CLAIM,
    lead=LeadFacts.of(LEAD),
    number=number_plan(LEAD.phone),
    campaign=campaign_facts(),
    consents=(make_consent(LEAD),),
    suppressions=(),
    listings=(NATIONAL,),
    calls=CallFacts(live_attempts=0, attempts_last_24_hours=(), attempts_total=0),
    campaign_attempts=0,
    live_in_campaign=0,
    caller=OwnNumber(phone="+15125550000", seller_id=SELLER.id, added_at=NOON - timedelta(days=90)),
    caller_dials=0,
    stops=(),
    budgets=(Budget(id=BudgetId("budget-1"), seller_id=SELLER.id, limit=Money.usd("10")),),
    worst_case=Money.usd("0.15"),
    free_slots=1,
    **placed(("TX",), ("America/Chicago",)),
)


def at(moment: datetime, facts: PermissionFacts = GOOD) -> PermissionFacts:
    """The same facts as gathered at another moment: the law and the clocks around it, a fresh consent and copy."""
    states, zones = facts.states, facts.zones
    fresh = replace(NATIONAL, taken_on=moment.date() - timedelta(days=1))
    return replace(
        facts,
        listings=(fresh, *(each for each in facts.listings or () if each.registry is Registry.STATE)),
        consents=(make_consent(LEAD, obtained_at=moment - timedelta(days=2)),),
        **placed(states, zones, at=moment),
    )


def against(facts: PermissionFacts, now: datetime = NOON) -> dict[str, Verdict]:
    """The rules that did not allow it."""
    findings = decide(facts, now=now).findings
    return {finding.rule: finding.verdict for finding in findings if finding.verdict is not Verdict.ALLOW}


def finding_of(rule: str, facts: PermissionFacts, now: datetime = NOON) -> Finding:
    """What one rule said."""
    return next(each for each in decide(facts, now=now).findings if each.rule == rule)


def called(phone: str) -> dict[str, Any]:
    """The facts about another number."""
    return {
        "lead": lead_facts(phone=phone),
        "number": number_plan(phone),
        "consents": (make_consent(make_lead(phone=phone)),),
    }


def suppressed(reason: SuppressionReason, seller: str | None = None) -> tuple[Suppression, ...]:
    """One entry of our own list."""
    return (Suppression(phone=LEAD.phone, reason=reason, at=NOON, seller_id=SellerId(seller) if seller else None),)


def rung(*hours_ago: float, live: int = 0, now: datetime = NOON) -> CallFacts:
    """Earlier calls to the phone."""
    moments = tuple(now - timedelta(hours=hours) for hours in hours_ago)
    return CallFacts(live_attempts=live, attempts_last_24_hours=moments, attempts_total=len(moments))
