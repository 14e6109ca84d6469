"""May we ring this person now? Every fact must speak for it, and what is unknown speaks against it."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calls import Verdict
from shared.calls.decide import RULES, decide, is_only_about_us, lead_after
from shared.calls.facts import Moment, PermissionFacts
from shared.calls.ports import CallFacts
from shared.campaigns import CampaignState
from shared.campaigns.calling_hours import calling_hours
from shared.costs import Budget
from shared.kernel.ids import BudgetId, SellerId
from shared.kernel.money import Money
from shared.leads import Channel, LeadStatus, Suppression, SuppressionReason
from tests.shared.calls.world import NIGHT, NOON, SELLER, make_campaign, make_consent, make_lead

LEAD = make_lead()
GOOD = PermissionFacts(
    moment=Moment.CLAIM,
    lead=LEAD,
    campaign=make_campaign(),
    consents=(make_consent(LEAD),),
    suppressions=(),
    zones=("America/Chicago",),
    states=("TX",),
    calls=CallFacts(live_attempts=0, attempts_last_24_hours=(), attempts_total=0),
    live_in_campaign=0,
    budget=Budget(id=BudgetId("budget-1"), seller_id=SELLER.id, limit=Money.usd("10")),
    worst_case=Money.usd("0.15"),
    free_slots=1,
)


def against(facts: PermissionFacts, now: datetime = NOON) -> dict[str, Verdict]:
    """The rules that did not allow it."""
    findings = decide(facts, now=now).findings
    return {finding.rule: finding.verdict for finding in findings if finding.verdict is not Verdict.ALLOW}


def suppressed(reason: SuppressionReason, seller: str | None = None) -> tuple[Suppression, ...]:
    entry = Suppression(phone=LEAD.phone, reason=reason, at=NOON, seller_id=SellerId(seller) if seller else None)
    return (entry,)


def rung(*hours_ago: float, live: int = 0, total: int | None = None) -> CallFacts:
    moments = tuple(NOON - timedelta(hours=hours) for hours in hours_ago)
    return CallFacts(
        live_attempts=live,
        attempts_last_24_hours=moments,
        attempts_total=len(moments) if total is None else total,
    )


def test_a_lead_with_everything_in_order_may_be_rung() -> None:
    permission = decide(GOOD, now=NOON)

    assert permission.verdict is Verdict.ALLOW
    assert len(permission.findings) == len(RULES) == len({finding.rule for finding in permission.findings})
    assert all(finding.reason and finding.source for finding in permission.findings)


@pytest.mark.parametrize(
    ("changes", "rule", "verdict"),
    [
        ({"lead": replace(LEAD, phone="+1512")}, "number.valid", Verdict.DENY),
        ({"lead": replace(LEAD, phone="nonsense")}, "number.valid", Verdict.DENY),
        ({"lead": replace(LEAD, phone="+18005550101")}, "number.dialable", Verdict.DENY),
        ({"lead": replace(LEAD, phone="+19115550101")}, "number.dialable", Verdict.DENY),
        *(
            ({"lead": replace(LEAD, phone=phone)}, "number.country", Verdict.DENY)
            for phone in ("+14165550101", "+18765550101", "+442079460958")
        ),
        ({"suppressions": suppressed(SuppressionReason.MANUAL)}, "suppression.listed", Verdict.DENY),
        ({"suppressions": suppressed(SuppressionReason.MANUAL, "seller-1")}, "suppression.listed", Verdict.DENY),
        ({"suppressions": suppressed(SuppressionReason.OPT_OUT, "seller-2")}, "suppression.listed", Verdict.DENY),
        ({"consents": ()}, "consent.ai_voice", Verdict.DENY),
        ({"consents": (make_consent(LEAD, seller_id=SellerId("seller-2")),)}, "consent.ai_voice", Verdict.DENY),
        ({"consents": (make_consent(LEAD, revoked_at=NOON),)}, "consent.ai_voice", Verdict.DENY),
        ({"consents": (make_consent(LEAD, channels=frozenset({Channel.SMS})),)}, "consent.ai_voice", Verdict.DENY),
        ({"consents": (make_consent(LEAD, phone="+15125550199"),)}, "consent.ai_voice", Verdict.DENY),
        ({"lead": replace(LEAD, status=LeadStatus.CLAIMED)}, "lead.status", Verdict.DENY),
        ({"campaign": make_campaign(state=CampaignState.DRAFT)}, "campaign.running", Verdict.DENY),
        ({"campaign": make_campaign(state=CampaignState.PAUSED)}, "campaign.running", Verdict.DEFER),
        ({"states": ("CA",)}, "hours.state_policy", Verdict.DENY),
        ({"zones": ()}, "hours.local", Verdict.DENY),
        ({"calls": rung(live=1)}, "attempts.live", Verdict.DEFER),
        ({"calls": rung(1, 5)}, "attempts.day", Verdict.DEFER),
        ({"calls": rung(total=6)}, "attempts.total", Verdict.DENY),
        ({"free_slots": 0}, "capacity.slot", Verdict.DEFER),
        ({"live_in_campaign": 5}, "capacity.campaign", Verdict.DEFER),
        ({"worst_case": Money.usd("10.01")}, "money.budget", Verdict.DEFER),
    ],
)
def test_each_rule_stands_alone_in_the_way(changes: dict[str, Any], rule: str, verdict: Verdict) -> None:
    assert against(replace(GOOD, **changes))[rule] is verdict


def test_a_suppression_for_another_seller_alone_does_not_count() -> None:
    assert against(replace(GOOD, suppressions=suppressed(SuppressionReason.MANUAL, "seller-2"))) == {}


UNKNOWABLE = [field.name for field in fields(PermissionFacts) if field.default is None and field.name != "reserved"]


@given(missing=st.sets(st.sampled_from(UNKNOWABLE), min_size=1))
def test_a_missing_fact_denies_and_parts_with_nobody(missing: set[str]) -> None:
    nothing: dict[str, Any] = dict.fromkeys(missing)
    permission = decide(replace(GOOD, **nothing), now=NOON)

    assert permission.verdict is Verdict.DENY
    assert lead_after(LEAD, permission) == LEAD


@given(
    now=st.integers(0, 3 * 366 * 24 * 60).map(
        lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    zones=st.lists(st.sampled_from(["America/New_York", "America/Chicago", "Pacific/Honolulu"]), unique=True),
    states=st.lists(st.sampled_from(["TX", "FL", "HI", "UT"]), unique=True),
)
def test_whoever_is_put_off_for_the_hour_may_be_rung_at_the_hour_named(
    now: datetime, zones: list[str], states: list[str]
) -> None:
    facts = replace(GOOD, zones=tuple(zones), states=tuple(states))
    finding = next(each for each in decide(facts, now=now).findings if each.rule == "hours.local")

    if not zones:
        assert finding.verdict is Verdict.DENY
    elif finding.verdict is Verdict.ALLOW:
        assert calling_hours().allows(now, zones, states)
    elif finding.verdict is Verdict.DEFER:
        assert finding.defer_until is not None
        assert finding.defer_until > now
        assert calling_hours().allows(finding.defer_until, zones, states)


def test_an_answer_is_judged_by_when_the_phone_began_to_ring() -> None:
    closes = datetime(2026, 3, 11, 2, tzinfo=UTC)  # 21:00 in Texas
    facts = replace(GOOD, moment=Moment.ANSWER, lead=replace(LEAD, status=LeadStatus.CLAIMED))

    assert "hours.local" not in against(facts, closes + timedelta(seconds=20))
    assert "hours.local" in against(facts, closes + timedelta(seconds=61))
    assert "hours.local" in against(replace(facts, moment=Moment.DIAL), closes + timedelta(seconds=1))


@given(hours=st.lists(st.floats(0, 30), max_size=5))
def test_two_calls_in_any_24_hours_and_no_more(hours: list[float]) -> None:
    recent = sorted(hour for hour in hours if hour < 24)
    finding = next(
        each for each in decide(replace(GOOD, calls=rung(*hours)), now=NOON).findings if each.rule == "attempts.day"
    )

    assert (finding.verdict is Verdict.ALLOW) == (len(recent) < 2)
    if finding.defer_until is not None:
        later = [
            moment for moment in rung(*hours).attempts_last_24_hours if moment > finding.defer_until - timedelta(days=1)
        ]
        assert len(later) < 2


def test_money_that_is_held_already_needs_no_headroom() -> None:
    assert GOOD.budget is not None
    empty = replace(GOOD.budget, pending=GOOD.budget.limit)

    assert against(replace(GOOD, budget=empty))["money.budget"] is Verdict.DEFER
    assert against(replace(GOOD, budget=empty, reserved=Money.usd("0.15"))) == {}


def test_no_call_is_placed_that_could_outlive_the_money_held_for_it() -> None:
    dial = replace(GOOD, moment=Moment.DIAL, lead=replace(LEAD, status=LeadStatus.CLAIMED), reserved=Money.usd("0.14"))

    assert against(dial) == {"money.budget": Verdict.DENY}
    assert against(replace(dial, moment=Moment.ANSWER)) == {}


def test_attempts_that_count_among_the_campaigns_calls_do_not_wait_for_each_other() -> None:
    dial = replace(GOOD, moment=Moment.DIAL, lead=replace(LEAD, status=LeadStatus.CLAIMED), live_in_campaign=9)

    assert against(dial) == {}


def test_some_states_want_consents_that_name_the_artificial_voice() -> None:
    plain = make_consent(LEAD, text="You may call me.")

    assert "consent.ai_voice" not in against(replace(GOOD, consents=(plain,)))
    assert "consent.ai_voice" in against(replace(GOOD, consents=(plain,), states=("MN",)))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"suppressions": suppressed(SuppressionReason.OPT_OUT)}, LeadStatus.OPTED_OUT),
        ({"suppressions": suppressed(SuppressionReason.DO_NOT_CALL)}, LeadStatus.BLOCKED),
        ({"consents": ()}, LeadStatus.BLOCKED),
        ({"states": ("CA",)}, LeadStatus.BLOCKED),
        ({"calls": rung(total=6)}, LeadStatus.EXHAUSTED),
        ({"lead": replace(LEAD, phone="+1512")}, LeadStatus.INVALID),
    ],
)
def test_a_lead_we_may_never_ring_is_parted_with(changes: dict[str, Any], status: LeadStatus) -> None:
    parted = lead_after(LEAD, decide(replace(GOOD, **changes), now=NOON))

    assert (parted.status, parted.next_attempt_at) == (status, None)


def test_a_lead_at_night_is_ready_again_in_the_morning() -> None:
    later = lead_after(LEAD, decide(GOOD, now=NIGHT))

    assert later.status is LeadStatus.READY
    assert later.next_attempt_at == datetime(2026, 3, 11, 14, tzinfo=UTC)  # 9:00 in Texas


def test_our_own_lack_of_room_is_told_apart_from_facts_about_the_person() -> None:
    full = replace(GOOD, free_slots=0)

    assert is_only_about_us(decide(full, now=NOON))
    assert not is_only_about_us(decide(full, now=NIGHT))
    assert not is_only_about_us(decide(GOOD, now=NOON))


@pytest.mark.parametrize("phone", ["+17875550101", "+16715550101", "+14365550101"])
def test_territories_and_area_codes_too_new_to_be_known_are_at_home(phone: str) -> None:
    lead = replace(LEAD, phone=phone)
    consents = (make_consent(lead),)

    assert "number.country" not in against(replace(GOOD, lead=lead, consents=consents))
