"""The networks are asked about a number once, and what they say of it is acted on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions import check_numbers
from shared.adapters.memory import MemoryNumberLookup
from shared.calls import Verdict
from shared.calls.decide import decide
from shared.costs import Period, Scope
from shared.costs.lookups import NoMoneyToAsk
from shared.costs.reconcile_usage import CATEGORIES
from shared.kernel.errors import Refused, Unavailable
from shared.kernel.money import ZERO, Money
from shared.leads import LeadStatus, SuppressionReason
from shared.leads.number_check import LineType, NumberCheck, Reassigned
from tests.functions.desk import Desk
from tests.shared.calls.world import NOON, make_consent, make_lead

PHONE = make_lead().phone
LONG_AGO = NOON - timedelta(days=60)
ABOUT = {"phone": PHONE, "since": LONG_AGO.date().isoformat()}


@pytest.fixture
def lookup() -> MemoryNumberLookup:
    return MemoryNumberLookup(at=NOON)


@pytest.fixture
def desk(lookup: MemoryNumberLookup) -> Desk:
    desk = Desk()
    desk.services = replace(desk.services, number_lookup=lookup)
    lead = make_lead()
    desk.world.leads.add([lead], [make_consent(lead, obtained_at=LONG_AGO)])
    return desk


def answer(reassigned: Reassigned) -> NumberCheck:
    return NumberCheck(phone=PHONE, checked_at=NOON, line_type=LineType.MOBILE, reassigned=reassigned)


def may_ring(desk: Desk) -> Verdict:
    lead = desk.world.leads.get(make_lead().id)
    facts = desk.services.sources.for_claim(lead, desk.world.campaign, free_slots=1, now=NOON)
    return decide(facts, now=NOON).verdict


def test_dispatch_has_the_question_asked_and_the_lead_is_rung_after_the_answer(
    desk: Desk, lookup: MemoryNumberLookup
) -> None:
    assert desk.world.dispatch().deferred == 1
    assert desk.world.messages("check_number") == [ABOUT]

    assert check_numbers.handle(ABOUT, desk.services) == {"line_type": "mobile", "reassigned": "no"}

    assert lookup.asked == [(PHONE, LONG_AGO.date())]
    assert desk.world.dispatch(NOON + timedelta(minutes=5)).planned == 1


def test_an_answer_is_booked_on_the_installation(desk: Desk) -> None:
    check_numbers.handle(ABOUT, desk.services)
    check_numbers.handle(ABOUT, desk.services)

    posted = {budget.name: budget.posted for budget in desk.services.costs.budgets_of(NOON) if budget.posted}
    cost = Money.usd("0.028")  # the kind of line, and whether it changed hands
    assert posted == {f"installation {period}": cost for period in ("day", "week", "month")}
    [booked] = desk.services.usage_book.booked(NOON.date())
    assert (booked.billed, booked.count, booked.amount) == (CATEGORIES["lookups"], 1, cost)
    assert desk.services.costs.ledger_imbalance() == ZERO


def test_a_limit_of_the_installation_bounds_what_is_asked(desk: Desk, lookup: MemoryNumberLookup) -> None:
    cents = Money.usd("0.02")
    desk.services.costs.set_limit(Scope.INSTALLATION, Period.DAY, cents, seller_id=None, now=NOON)

    with pytest.raises(NoMoneyToAsk):
        check_numbers.handle(ABOUT, desk.services)
    assert lookup.asked == []
    assert desk.services.number_checks.of_phone(PHONE) is None


def test_a_fresh_answer_is_not_asked_for_again(desk: Desk, lookup: MemoryNumberLookup) -> None:
    for event in (ABOUT, ABOUT, {"phone": PHONE}, ABOUT | {"since": NOON.date().isoformat()}):
        check_numbers.handle(event, desk.services)
    assert len(lookup.asked) == 1

    desk.clock.moment = NOON + timedelta(days=31)
    check_numbers.handle(ABOUT, desk.services)
    assert len(lookup.asked) == 2


def test_without_a_day_the_consent_says_since_when(desk: Desk, lookup: MemoryNumberLookup) -> None:
    check_numbers.handle({"phone": PHONE}, desk.services)
    check_numbers.handle({"phone": "+15125550177"}, desk.services)

    assert lookup.asked == [(PHONE, LONG_AGO.date()), ("+15125550177", None)]


def test_a_number_that_changed_hands_is_never_rung_again(desk: Desk, lookup: MemoryNumberLookup) -> None:
    lookup.answers[PHONE] = answer(Reassigned.YES)
    check_numbers.handle(ABOUT, desk.services)
    check_numbers.handle(ABOUT, desk.services)

    [entry] = desk.world.suppressions.of_phone(PHONE)
    assert entry.reason is SuppressionReason.REASSIGNED
    assert all(consent.revoked_at == NOON for consent in desk.world.consents.of_phone(PHONE))
    assert may_ring(desk) is Verdict.DENY


def test_no_data_is_no_permission(desk: Desk, lookup: MemoryNumberLookup) -> None:
    lookup.answers[PHONE] = answer(Reassigned.NO_DATA)
    check_numbers.handle(ABOUT, desk.services)

    assert desk.world.dispatch().denied == 1
    assert desk.world.leads.get(make_lead().id).status is LeadStatus.BLOCKED


def test_an_answer_that_fails_comes_later(desk: Desk, lookup: MemoryNumberLookup) -> None:
    lookup.is_away = True

    with pytest.raises(Unavailable):
        check_numbers.handle(ABOUT, desk.services)
    assert may_ring(desk) is Verdict.DEFER


class RefusingLookup(MemoryNumberLookup):
    """Networks that know no such number."""

    def look_up(self, phone: str, *, last_verified: object) -> NumberCheck:
        raise Refused("no such number")


def test_a_question_that_is_refused_leaves_nothing_known(desk: Desk) -> None:
    desk.services = replace(desk.services, number_lookup=RefusingLookup())

    assert check_numbers.handle(ABOUT, desk.services) == {"line_type": "unknown", "reassigned": None}
    assert may_ring(desk) is Verdict.DEFER
    assert desk.world.dispatch().deferred == 1
    assert desk.world.leads.get(make_lead().id).status is LeadStatus.READY
    assert desk.world.messages("check_number") == []
