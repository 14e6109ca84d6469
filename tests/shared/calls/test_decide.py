"""May we ring this person now? Every fact must speak for it, and what is unknown speaks against it."""

from dataclasses import fields, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calls import Verdict
from shared.calls.decide import RULES, decide, is_only_about_us, lead_after, questions_after
from shared.calls.known import Moment, PermissionFacts
from shared.calls.stops import StopScope, StopSwitch
from shared.campaigns import CampaignState
from shared.campaigns.calling_plan import CallingPlan
from shared.campaigns.sign_off import SignOff, StatePolicy
from shared.kernel.ids import SellerId
from shared.kernel.money import Money
from shared.kernel.week import DayHours
from shared.leads import Channel, LeadStatus, SuppressionReason
from shared.leads.number_check import LineType, NumberCheck, Reassigned
from shared.leads.registry import Registry
from tests.shared.calls.known import (
    GOOD,
    LEAD,
    NATIONAL,
    against,
    called,
    campaign_facts,
    finding_of,
    lead_facts,
    placed,
    rung,
    suppressed,
)
from tests.shared.calls.world import NIGHT, NOON, SELLER, make_consent

CALLER = GOOD.caller
assert CALLER is not None
MORNINGS = tuple(DayHours(weekday=day, opens=time(9), closes=time(11)) for day in range(7))
DRILL = StopSwitch(scope=StopScope.ALL, at=NOON, by="an operator", reason="a drill")


def check(reassigned: Reassigned | None = None, **changes: Any) -> NumberCheck:
    """What the networks say of the lead's number."""
    since = (NOON - timedelta(days=60)).date() if reassigned else None
    known = NumberCheck(
        phone=LEAD.phone, checked_at=NOON, line_type=LineType.MOBILE, reassigned=reassigned, asked_since=since
    )
    return replace(known, **changes)


def signed(state: str, policy: StatePolicy, licence: str = "") -> SignOff:
    return SignOff(
        seller_id=SELLER.id, state=state, policy=policy, signed_by="counsel", signed_at=NOON, licence=licence
    )


OLD_CONSENT = make_consent(LEAD, obtained_at=NOON - timedelta(days=60))
STATE_LIST = replace(NATIONAL, registry=Registry.STATE, state="TX")


def test_a_lead_with_everything_in_order_may_be_rung() -> None:
    permission = decide(GOOD, now=NOON)

    assert permission.verdict is Verdict.ALLOW
    assert len(permission.findings) == len(RULES) == len({finding.rule for finding in permission.findings})
    assert all(finding.reason and finding.source for finding in permission.findings)
    assert permission.allowed_until == datetime(2026, 3, 11, 2, tzinfo=UTC)  # 21:00 in Texas


@pytest.mark.parametrize(
    ("changes", "rule", "verdict"),
    [
        (called("+1512"), "number.valid", Verdict.DENY),
        (called("nonsense"), "number.valid", Verdict.DENY),
        (called("+18005550101"), "number.dialable", Verdict.DENY),
        (called("+19005550101"), "number.dialable", Verdict.DENY),
        (called("+19115550101"), "number.dialable", Verdict.DENY),
        *(
            (called(phone), "number.country", Verdict.DENY)
            for phone in ("+14165550101", "+18765550101", "+442079460958")
        ),
        (called("+14365550142"), "number.line_type", Verdict.DEFER),
        *(
            ({"check": check(line_type=line)}, "number.line_type", Verdict.DENY)
            for line in (LineType.TOLL_FREE, LineType.PREMIUM, LineType.PAGER, LineType.VOICEMAIL)
        ),
        ({"suppressions": suppressed(SuppressionReason.MANUAL)}, "suppression.listed", Verdict.DENY),
        ({"suppressions": suppressed(SuppressionReason.MANUAL, "seller-1")}, "suppression.listed", Verdict.DENY),
        ({"suppressions": suppressed(SuppressionReason.OPT_OUT, "seller-2")}, "suppression.listed", Verdict.DENY),
        ({"consents": ()}, "consent.ai_voice", Verdict.DENY),
        ({"consents": (make_consent(LEAD, seller_id=SellerId("seller-2")),)}, "consent.ai_voice", Verdict.DENY),
        ({"campaign": campaign_facts(seller_id=SellerId("seller-2"))}, "consent.ai_voice", Verdict.DENY),
        ({"consents": (make_consent(LEAD, revoked_at=NOON),)}, "consent.ai_voice", Verdict.DENY),
        ({"consents": (make_consent(LEAD, channels=frozenset({Channel.SMS})),)}, "consent.ai_voice", Verdict.DENY),
        ({"consents": (make_consent(LEAD, phone="+15125550199"),)}, "consent.ai_voice", Verdict.DENY),
        *(
            ({"consents": (make_consent(LEAD, **{proof: " "}),)}, "consent.ai_voice", Verdict.DENY)
            for proof in ("text", "method", "source_url")
        ),
        ({"consents": (OLD_CONSENT,)}, "number.reassigned", Verdict.DEFER),
        ({"consents": (OLD_CONSENT,), "check": check(Reassigned.YES)}, "number.reassigned", Verdict.DENY),
        ({"consents": (OLD_CONSENT,), "check": check(Reassigned.NO_DATA)}, "number.reassigned", Verdict.DENY),
        ({"listings": ()}, "registry.national", Verdict.DENY),
        ({"listings": (replace(NATIONAL, covers=False),)}, "registry.national", Verdict.DENY),
        ({"listings": (NATIONAL, replace(STATE_LIST, is_listed=True))}, "registry.state", Verdict.DENY),
        (placed(("FL",), ("America/New_York",)), "registry.state", Verdict.DEFER),
        (placed(("FL",), ("America/New_York",)), "state.licence", Verdict.DENY),
        (placed(("CA",), ("America/Los_Angeles",)), "state.policy", Verdict.DENY),
        ({"clocks": ()}, "hours.local", Verdict.DENY),
        ({"campaign": campaign_facts(plan=CallingPlan(hours=MORNINGS))}, "hours.wanted", Verdict.DEFER),
        ({"lead": lead_facts(hours=MORNINGS)}, "hours.wanted", Verdict.DEFER),
        ({"calls": rung(live=1)}, "attempts.live", Verdict.DEFER),
        ({"calls": rung(1, 5)}, "attempts.day", Verdict.DEFER),
        ({"campaign_attempts": 6}, "attempts.total", Verdict.DENY),
        ({"caller": None}, "caller_id.healthy", Verdict.DENY),
        ({"caller": replace(CALLER, seller_id=SellerId("seller-2"))}, "caller_id.healthy", Verdict.DENY),
        ({"caller": replace(CALLER, retired_at=NOON)}, "caller_id.healthy", Verdict.DENY),
        ({"caller": CALLER.cooled(NOON + timedelta(hours=1), "flagged")}, "caller_id.healthy", Verdict.DEFER),
        (
            {"caller": replace(CALLER, added_at=NOON, warms_up=True), "caller_dials": 40},
            "caller_id.healthy",
            Verdict.DEFER,
        ),
        ({"free_slots": 0}, "capacity.slot", Verdict.DEFER),
        ({"live_in_campaign": 5}, "capacity.campaign", Verdict.DEFER),
        ({"lead": lead_facts(status=LeadStatus.CLAIMED)}, "lead.status", Verdict.DENY),
        ({"campaign": campaign_facts(state=CampaignState.DRAFT)}, "campaign.running", Verdict.DENY),
        ({"campaign": campaign_facts(state=CampaignState.PAUSED)}, "campaign.running", Verdict.DEFER),
        ({"campaign": campaign_facts(starts_at=NOON + timedelta(days=1))}, "campaign.running", Verdict.DEFER),
        ({"campaign": campaign_facts(ends_at=NOON)}, "campaign.running", Verdict.DENY),
        ({"stops": (DRILL,)}, "stop.thrown", Verdict.DEFER),
        ({"worst_case": Money.usd("10.01")}, "money.budget", Verdict.DEFER),
    ],
)
def test_each_rule_stands_alone_in_the_way(changes: dict[str, Any], rule: str, verdict: Verdict) -> None:
    assert against(replace(GOOD, **changes))[rule] is verdict


def test_a_suppression_for_another_seller_alone_does_not_count() -> None:
    assert against(replace(GOOD, suppressions=suppressed(SuppressionReason.MANUAL, "seller-2"))) == {}


UNKNOWABLE = [
    field.name for field in fields(PermissionFacts) if field.default is None and field.name not in {"reserved", "check"}
]


@given(missing=st.sets(st.sampled_from(UNKNOWABLE), min_size=1))
def test_a_missing_fact_denies_and_parts_with_nobody(missing: set[str]) -> None:
    nothing: dict[str, Any] = dict.fromkeys(missing)
    permission = decide(replace(GOOD, **nothing), now=NOON)

    assert permission.verdict is Verdict.DENY
    assert lead_after(LEAD, permission) == LEAD


@pytest.mark.parametrize(("days", "verdict"), [(31, Verdict.ALLOW), (32, Verdict.DENY)])
def test_a_copy_of_the_national_list_serves_for_31_days(days: int, verdict: Verdict) -> None:
    copy = replace(NATIONAL, taken_on=NOON.date() - timedelta(days=days))
    permission = decide(replace(GOOD, listings=(copy,)), now=NOON)

    assert permission.verdict is verdict
    assert lead_after(LEAD, permission) == LEAD
    if verdict is Verdict.ALLOW:
        assert permission.allowed_until == datetime(2026, 3, 11, tzinfo=UTC)


def test_a_listed_number_may_be_rung_only_by_the_seller_that_its_consent_names() -> None:
    listed = replace(GOOD, listings=(replace(NATIONAL, is_listed=True),))
    others = make_consent(LEAD, text="I agree to AI calls from our partners.")

    allowed = finding_of("registry.national", listed)
    assert (allowed.verdict, allowed.evidence["listed"]) == (Verdict.ALLOW, True)
    assert against(replace(listed, consents=(others,))) == {"registry.national": Verdict.DENY}
    assert against(replace(GOOD, consents=(others,))) == {}


@pytest.mark.parametrize(("days", "asked"), [(30, False), (31, True)])
def test_whether_a_number_changed_hands_is_asked_after_30_days(days: int, asked: bool) -> None:
    facts = replace(GOOD, consents=(make_consent(LEAD, obtained_at=NOON - timedelta(days=days)),))
    permission = decide(facts, now=NOON)
    [*questions] = questions_after(LEAD, permission)

    assert (permission.verdict is Verdict.DEFER) is asked
    since = (NOON - timedelta(days=days)).date().isoformat()
    assert [each.body for each in questions] == ([{"phone": LEAD.phone, "since": since}] if asked else [])
    assert asked or permission.allowed_until == datetime(2026, 3, 10, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (check(Reassigned.NO), Verdict.ALLOW),
        (check(Reassigned.NO, asked_since=(NOON - timedelta(days=59)).date()), Verdict.DEFER),
        (check(Reassigned.NO, asked_since=(NOON - timedelta(days=90)).date()), Verdict.ALLOW),
        (check(Reassigned.NO, checked_at=NOON - timedelta(days=31)), Verdict.DEFER),
        (check(Reassigned.YES, asked_since=(NOON - timedelta(days=90)).date()), Verdict.DEFER),
        (check(None), Verdict.DEFER),
    ],
)
def test_only_a_fresh_no_about_the_whole_time_counts(answer: NumberCheck, verdict: Verdict) -> None:
    assert decide(replace(GOOD, consents=(OLD_CONSENT,), check=answer), now=NOON).verdict is verdict


def test_who_talked_with_us_lately_still_has_the_number() -> None:
    spoken = replace(GOOD, consents=(OLD_CONSENT,), lead=lead_facts(spoken_at=NOON - timedelta(days=3)))

    assert against(spoken) == {}


@pytest.mark.parametrize(
    ("policy", "text", "verdict"),
    [
        (StatePolicy.ALLOW, "You may call me, Hill Country Homes.", Verdict.ALLOW),
        (StatePolicy.CONSENT_ONLY, "You may call me, Hill Country Homes.", Verdict.DENY),
        (StatePolicy.CONSENT_ONLY, "Hill Country Homes may call me with an AI voice.", Verdict.ALLOW),
        (StatePolicy.HUMAN_FIRST, "Hill Country Homes may call me with an AI voice.", Verdict.DENY),
        (StatePolicy.BLOCK, "Hill Country Homes may call me with an AI voice.", Verdict.DENY),
    ],
)
def test_counsel_decides_how_a_state_may_be_called(policy: StatePolicy, text: str, verdict: Verdict) -> None:
    place = placed(("CA",), ("America/Los_Angeles",), sign_offs=(signed("CA", policy),))
    facts = replace(GOOD, consents=(make_consent(LEAD, text=text),), **place)

    assert decide(facts, now=NOON + timedelta(hours=2)).verdict is verdict


def test_florida_wants_a_licence_and_its_own_list() -> None:
    place = placed(("FL",), ("America/New_York",), sign_offs=(signed("FL", StatePolicy.ALLOW, "TC-1234"),))
    own_list = replace(STATE_LIST, state="FL")

    assert against(replace(GOOD, **place)) == {"registry.state": Verdict.DEFER}
    assert against(replace(GOOD, listings=(NATIONAL, own_list), **place)) == {}
    stale = replace(own_list, taken_on=NOON.date() - timedelta(days=32))
    assert against(replace(GOOD, listings=(NATIONAL, stale), **place)) == {"registry.state": Verdict.DEFER}


def test_a_promised_call_back_is_no_attempt_of_the_cadence_but_one_of_the_law() -> None:
    promised = replace(GOOD, lead=lead_facts(promised_at=NOON, hours=MORNINGS), campaign_attempts=6)

    assert against(replace(promised, calls=rung(1, 5))) == {}
    assert against(replace(promised, calls=rung(1, 5, 9))) == {"attempts.day": Verdict.DEFER}
    early = replace(promised, lead=lead_facts(promised_at=NOON + timedelta(hours=1)))
    assert against(early) == {"attempts.total": Verdict.DENY}


@pytest.mark.parametrize(("minutes", "verdict"), [(-1, Verdict.DEFER), (1, Verdict.ALLOW)])
@pytest.mark.parametrize(("states", "count"), [(("OK",), 3), (("MD",), 3), (("KY",), 2), ((), 2)])
def test_the_cap_holds_for_24_hours_to_the_minute(
    states: tuple[str, ...], count: int, minutes: int, verdict: Verdict
) -> None:
    calls = rung(*(24 + minutes / 60 - early / 10 for early in range(count)))
    facts = replace(GOOD, calls=calls, campaign=campaign_facts(), **placed(states, ("America/Chicago",)))
    facts = replace(facts, campaign=replace(campaign_facts(), most_per_day=3))
    finding = finding_of("attempts.day", facts)

    assert (finding.verdict, finding.evidence["cap"]) == (verdict, count)
    if verdict is Verdict.DEFER:
        assert finding.defer_until == NOON + timedelta(minutes=1)


def test_maine_wants_eight_hours_between_two_calls() -> None:
    place = placed(("ME",), ("America/New_York",))

    assert finding_of("attempts.spacing", replace(GOOD, calls=rung(7.9), **place)).verdict is Verdict.DEFER
    assert finding_of("attempts.spacing", replace(GOOD, calls=rung(8), **place)).verdict is Verdict.ALLOW


def test_a_phone_rests_a_moment_after_every_call() -> None:
    just_now, then = (finding_of("attempts.spacing", replace(GOOD, calls=rung(ago))) for ago in (1.9 / 60, 2 / 60))

    assert (just_now.verdict, then.verdict) == (Verdict.DEFER, Verdict.ALLOW)


def test_an_answer_is_judged_by_when_the_phone_began_to_ring() -> None:
    closes = datetime(2026, 3, 11, 2, tzinfo=UTC)  # 21:00 in Texas
    facts = replace(GOOD, moment=Moment.ANSWER, lead=lead_facts(status=LeadStatus.CLAIMED))

    assert "hours.local" not in against(facts, closes + timedelta(seconds=20))
    assert "hours.local" in against(facts, closes + timedelta(seconds=61))
    assert "hours.local" in against(replace(facts, moment=Moment.DIAL), closes + timedelta(seconds=1))


@given(hours=st.lists(st.floats(0, 30), max_size=5))
def test_two_calls_in_any_24_hours_and_no_more(hours: list[float]) -> None:
    recent = sorted(hour for hour in hours if hour < 24)
    finding = finding_of("attempts.day", replace(GOOD, calls=rung(*hours)))

    assert (finding.verdict is Verdict.ALLOW) == (len(recent) < 2)
    if finding.defer_until is not None:
        day_before = finding.defer_until - timedelta(days=1)
        assert sum(moment > day_before for moment in rung(*hours).attempts_last_24_hours) < 2


def test_the_tightest_budget_counts() -> None:
    assert GOOD.budgets is not None
    [own] = GOOD.budgets
    day = replace(own, limit=Money.usd("0.14"))

    assert against(replace(GOOD, budgets=(own, day))) == {"money.budget": Verdict.DEFER}


def test_money_that_is_held_already_needs_no_headroom() -> None:
    assert GOOD.budgets is not None
    empty = tuple(replace(budget, pending=budget.limit) for budget in GOOD.budgets)

    assert against(replace(GOOD, budgets=empty))["money.budget"] is Verdict.DEFER
    assert against(replace(GOOD, budgets=empty, reserved=Money.usd("0.15"))) == {}


def test_no_call_is_placed_that_could_outlive_the_money_held_for_it() -> None:
    dial = replace(GOOD, moment=Moment.DIAL, lead=lead_facts(status=LeadStatus.CLAIMED), reserved=Money.usd("0.14"))

    assert against(dial) == {"money.budget": Verdict.DENY}
    assert against(replace(dial, moment=Moment.ANSWER)) == {}


def test_attempts_that_count_among_the_campaigns_calls_do_not_wait_for_each_other() -> None:
    dial = replace(GOOD, moment=Moment.DIAL, lead=lead_facts(status=LeadStatus.CLAIMED), live_in_campaign=9)

    assert against(dial) == {}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"suppressions": suppressed(SuppressionReason.OPT_OUT)}, LeadStatus.OPTED_OUT),
        ({"suppressions": suppressed(SuppressionReason.DO_NOT_CALL)}, LeadStatus.BLOCKED),
        ({"consents": ()}, LeadStatus.BLOCKED),
        ({"listings": (replace(NATIONAL, covers=False),)}, LeadStatus.BLOCKED),
        (placed(("CA",), ("America/Los_Angeles",)), LeadStatus.BLOCKED),
        ({"campaign_attempts": 6}, LeadStatus.EXHAUSTED),
        (called("+1512"), LeadStatus.INVALID),
        ({"check": check(line_type=LineType.PAGER)}, LeadStatus.INVALID),
    ],
)
def test_a_lead_we_may_never_ring_is_parted_with(changes: dict[str, Any], status: LeadStatus) -> None:
    parted = lead_after(LEAD, decide(replace(GOOD, **changes), now=NOON))

    assert (parted.status, parted.next_attempt_at) == (status, None)


def test_a_lead_at_night_is_ready_again_in_the_morning() -> None:
    later = lead_after(LEAD, decide(GOOD, now=NIGHT))

    assert later.status is LeadStatus.READY
    assert later.next_attempt_at == datetime(2026, 3, 11, 14, tzinfo=UTC)  # 9:00 in Texas


@pytest.mark.parametrize(
    "changes",
    [
        {"free_slots": 0},
        {"stops": (DRILL,)},
        {"listings": ()},
        {"caller": CALLER.cooled(NOON + timedelta(hours=1), "flagged")},
    ],
)
def test_what_we_lack_ourselves_is_told_apart_from_facts_about_the_person(changes: dict[str, Any]) -> None:
    lacking = replace(GOOD, **changes)

    assert is_only_about_us(decide(lacking, now=NOON))
    assert not is_only_about_us(decide(lacking, now=NIGHT))
    assert not is_only_about_us(decide(GOOD, now=NOON))


@pytest.mark.parametrize("phone", ["+17875550101", "+16715550101", "+14365550101"])
def test_territories_and_area_codes_too_new_to_be_known_are_at_home(phone: str) -> None:
    assert "number.country" not in against(replace(GOOD, **called(phone)))


def test_an_area_code_too_new_to_be_known_is_asked_about_and_then_rung() -> None:
    asked = replace(GOOD, **called("+14365550142"), check=check(phone="+14365550142"))

    assert against(asked) == {}
