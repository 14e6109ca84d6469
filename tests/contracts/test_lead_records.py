"""What is read as one statement is what the repositories tell one after the other."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from shared.calls import AttemptState, CallAttempt
from shared.calls.record import Asked, LeadRecord, RecordsOfEach
from shared.calls.stops import StopScope, StopSwitch
from shared.campaigns.own_number import OwnNumber
from shared.campaigns.sign_off import SignOff, StatePolicy
from shared.costs import Period, Scope
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId, SellerId, new_id
from shared.kernel.money import Money
from shared.leads import Lead, Suppression, SuppressionReason
from shared.leads.number_check import LineType, NumberCheck, Reassigned
from shared.leads.registry import Registry, RegistryCopy
from shared.storage.lead_records import SqlLeadRecords
from tests.contracts.backends import Backend, emptied, sql_backend
from tests.contracts.nouns import CAMPAIGN_ID, NOON, SELLER

OURS = "+15125550000"
STATES = ("TX", "FL")


@pytest.fixture
def books(module_engine: Engine) -> Backend:
    return sql_backend(emptied(module_engine)).furnish()


@pytest.fixture
def records(module_engine: Engine) -> SqlLeadRecords:
    return SqlLeadRecords(module_engine)


def each(books: Backend) -> RecordsOfEach:
    return RecordsOfEach(
        consents=books.consents,
        suppressions=books.suppressions,
        registries=books.registries,
        number_checks=books.number_checks,
        sign_offs=books.sign_offs,
        campaigns=books.campaigns,
        own_numbers=books.own_numbers,
        calls=books.calls,
        costs=books.costs,
    )


def asked(books: Backend, lead: Lead, *, attempt: CallAttempt | None = None, caller: str | None = OURS) -> Asked:
    return Asked(
        lead=lead,
        campaign=books.campaigns.get(CAMPAIGN_ID),
        states=STATES,
        since=NOON - timedelta(hours=24),
        now=NOON,
        attempt=attempt,
        caller=caller,
    )


def full(books: Backend) -> Lead:
    """A lead of whom something of everything is known."""
    lead = books.add_lead()
    books.suppressions.add(Suppression(phone=lead.phone, reason=SuppressionReason.MANUAL, at=NOON))
    books.number_checks.add(
        NumberCheck(
            phone=lead.phone,
            checked_at=NOON,
            line_type=LineType.MOBILE,
            reassigned=Reassigned.NO,
            asked_since=date(2026, 1, 2),
        )
    )
    for registry, state in ((Registry.NATIONAL, None), (Registry.STATE, "FL"), (Registry.STATE, "PA")):
        copy = RegistryCopy(
            id=new_id(), registry=registry, state=state, taken_on=NOON.date(), begun_at=NOON, area_codes=("312",)
        )
        books.registries.begin(copy)
        books.registries.add_numbers(copy.id, [lead.phone])
        books.registries.finish(copy.id, at=NOON)
    for state in ("FL", "PA"):
        for policy in (StatePolicy.BLOCK, StatePolicy.ALLOW):
            books.sign_offs.add(
                SignOff(
                    seller_id=SELLER.id,
                    state=state,
                    policy=policy,
                    signed_by="Counsel",
                    signed_at=NOON + timedelta(days=policy is StatePolicy.ALLOW),
                )
            )
    books.own_numbers.save(OwnNumber(phone=OURS, seller_id=SELLER.id, added_at=NOON, cooled_until=NOON))
    for scope, target in ((StopScope.ALL, None), (StopScope.SELLER, SELLER.id), (StopScope.SELLER, new_id())):
        books.stops.throw(StopSwitch(scope=scope, target=target, at=NOON, by="Ada", reason="enough"))
    books.costs.set_limit(Scope.SELLER, Period.DAY, Money.usd("9"), seller_id=SELLER.id, now=NOON)
    return lead


def alike(records: SqlLeadRecords, books: Backend, question: Asked) -> LeadRecord:
    """The record, once it is what the repositories tell."""
    told, told_one_by_one = records.about(question), each(books).about(question)

    assert replace(told, stops=None) == told_one_by_one
    return told


def test_of_a_lead_nothing_is_known_about(books: Backend, records: SqlLeadRecords) -> None:
    told = alike(records, books, asked(books, books.add_lead(), caller=None))

    assert (told.stops, told.caller_dials, told.listings) == ((), None, ())


def test_of_a_lead_much_is_known_about(books: Backend, records: SqlLeadRecords) -> None:
    lead = full(books)

    told = alike(records, books, asked(books, lead))

    thrown = books.stops.thrown(seller_id=SELLER.id, campaign_id=CAMPAIGN_ID)
    assert (set(told.stops or ()), len(thrown)) == (set(thrown), 2)
    assert (len(told.listings), len(told.suppressions), told.caller and told.caller.phone) == (2, 1, OURS)


def test_of_a_lead_that_was_rung_and_is_rung_again(books: Backend, records: SqlLeadRecords) -> None:
    lead = books.add_lead()
    first = books.plan(lead, caller_id=OURS, time_limit=timedelta(minutes=4))
    books.calls.begin_dialing(first.id, worker="w1", slot_epoch="e1", now=NOON)
    stranger = books.plan(books.add_lead(phone="+13125550199"), caller_id=OURS)

    alike(records, books, asked(books, lead))
    again = alike(records, books, asked(books, lead, attempt=books.calls.get(first.id)))
    assert (again.calls.live_attempts, again.live_in_campaign, again.reserved) == (0, 2, Money(1_000_000))

    books.calls.bind(first.id, "CA1", now=NOON)
    books.calls.move(replace(books.calls.get(first.id), state=AttemptState.ENDED, ended_at=NOON))
    over = alike(records, books, asked(books, lead))
    assert (len(over.earlier), over.calls.attempts_total, over.live_in_campaign) == (1, 1, 1)
    assert alike(records, books, asked(books, lead, attempt=stranger)).reserved


def test_what_it_rests_on_must_be_there(books: Backend, records: SqlLeadRecords) -> None:
    question = asked(books, books.add_lead())
    planned = books.plan(books.add_lead(phone="+13125550199"))

    for reader in (records, each(books)):
        with pytest.raises(NotFound):
            reader.about(replace(question, attempt=replace(planned, id=AttemptId(new_id()))))
        with pytest.raises(NotFound):
            reader.about(replace(question, campaign=replace(question.campaign, seller_id=SellerId(new_id()))))
