"""Somebody calls us: who they are, who talks with them, and what is promised when nobody can."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from shared.adapters.memory.inbound import MemoryInboundRepository, MemoryTaskRepository
from shared.calls import AttemptState, Direction
from shared.calls.answer import Connect, HangUp
from shared.calls.caller import InboundCall, caller_phone, is_withheld
from shared.calls.desk import InboundDesk
from shared.calls.horizons import Horizons
from shared.calls.inbound import Reception, take_call
from shared.calls.tasks import TaskReason
from shared.calls.token import check_token
from shared.campaigns import CampaignState
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId, CampaignId
from shared.kernel.money import Money
from shared.kernel.week import DayHours
from shared.leads import LeadStatus, Suppression, SuppressionReason
from tests.shared.calls.world import LEASE, NIGHT, NOON, SELLER, World, make_campaign, make_lead

OURS = "+15125550000"
SECRET = "a-call-token-secret"
WEEK = tuple(DayHours(weekday=day, opens=time(9), closes=time(17)) for day in range(5))


class Office:
    """A world that takes calls."""

    def __init__(self, **changes: Any) -> None:
        self.world = World(**changes)
        self.book = MemoryInboundRepository(self.world.store)
        self.tasks = MemoryTaskRepository(self.world.store)

    def take(self, caller: str = "+15125550101", *, sid: str = "CA7", to: str = OURS, now: Any = NOON) -> Any:
        reception = Reception(
            book=self.book,
            numbers=self.world.own_numbers,
            campaigns=self.world.campaigns,
            costs=self.world.costs,
            capacity=self.world.capacity,
            telephony=self.world.telephony,
            worst_case=lambda _campaign: Money.usd("0.10"),
            token_secret=SECRET,
            horizons=Horizons(),
        )
        return take_call(InboundCall(sid=sid, caller=caller, number=to), reception=reception, now=now)

    def attempt(self, sid: str = "CA7") -> Any:
        return self.book.by_sid(sid)

    def opens(self, **changes: Any) -> None:
        desk = InboundDesk(seller_id=SELLER.id, hours=WEEK, timezone="America/Chicago")
        self.book.save_desk(replace(desk, **changes))

    def fill(self) -> None:
        """Take every slot of the worker."""
        for number in range(LEASE.slots):
            assert self.world.capacity.acquire(AttemptId(f"x{number}"), hold_for=timedelta(minutes=5))


def test_a_known_caller_is_put_through_to_a_worker() -> None:
    office = Office()
    office.world.add(make_lead())

    way = office.take()

    attempt = office.attempt()
    assert isinstance(way, Connect)
    assert way.url == f"ws://127.0.0.1:9/w/w1/{attempt.id}"
    check_token(SECRET, way.token, attempt_id=attempt.id, worker="w1", epoch="e1", now=NOON)
    assert (attempt.lead_id, attempt.direction, attempt.state) == ("ada", Direction.INBOUND, AttemptState.ANSWERED)
    assert (attempt.phone, attempt.caller_id, attempt.attempt_no) == ("+15125550101", OURS, 1)
    purse = office.world.costs.budgets_for_inbound(SELLER.id, NOON)[0]
    assert office.world.costs.reservation(attempt.id).purse_id == purse.id
    assert office.world.messages("reconcile") == [{"attempt_id": attempt.id}]
    assert office.world.lead().status is LeadStatus.READY


def test_an_unknown_caller_becomes_a_lead_that_nobody_may_ring() -> None:
    office = Office()
    assert isinstance(office.take("+13125550177"), Connect)

    lead = office.world.leads.get(office.attempt().lead_id)
    assert (lead.phone, lead.first_name, lead.status) == ("+13125550177", "", LeadStatus.NEW)
    assert (lead.seller_id, lead.campaign_id, lead.next_attempt_at) == (SELLER.id, "campaign-1", None)
    assert office.world.consents.of_phone(lead.phone) == []
    assert office.world.dispatch().planned == 0


@pytest.mark.parametrize("caller", ["anonymous", "+266696687", "", "Restricted"])
def test_a_withheld_number_is_talked_to_and_never_rung(caller: str) -> None:
    office = Office()

    assert isinstance(office.take(caller), Connect)
    assert is_withheld(office.attempt().phone)


def test_two_withheld_numbers_are_two_people() -> None:
    phones = {caller_phone(InboundCall(sid=sid, caller="anonymous", number=OURS)) for sid in ("CA1", "CA2")}

    assert len(phones) == 2


def test_a_repeated_request_gets_the_same_answer() -> None:
    office = Office()
    first, again = office.take(), office.take()

    assert first == again
    assert len(office.world.store.attempts) == 1
    assert office.world.capacity.free() == LEASE.slots - 1


def test_neither_an_opt_out_nor_a_pause_nor_an_empty_budget_refuses_a_caller() -> None:
    office = Office(campaign=make_campaign(state=CampaignState.PAUSED), limit=Money.usd("0"))
    office.world.add(make_lead(status=LeadStatus.OPTED_OUT))
    office.world.suppressions.add(
        Suppression(phone="+15125550101", reason=SuppressionReason.OPT_OUT, at=NOON, attempt_id=None, evidence="stop")
    )

    assert isinstance(office.take(), Connect)
    assert office.world.lead().status is LeadStatus.OPTED_OUT


def test_a_number_that_is_not_ours_is_not_in_service() -> None:
    office = Office()
    way = office.take(to="+15125559999")

    assert isinstance(way, HangUp)
    assert "not in service" in way.sentence
    assert not office.world.store.attempts


def test_the_campaign_that_the_caller_knows_answers() -> None:
    office = Office()
    other = make_campaign(id=CampaignId("campaign-2"), name="Autumn", caller_id="+15125550055")
    office.world.campaigns.save(other)
    office.world.add(make_lead(campaign_id=other.id))

    office.take()

    assert office.attempt().campaign_id == other.id


@pytest.mark.parametrize("is_full", [True, False])
def test_outside_the_hours_and_when_full_a_call_back_is_promised(is_full: bool) -> None:
    office = Office()
    office.world.add(make_lead())
    office.opens()
    if is_full:
        office.fill()
    now = NOON if is_full else NIGHT
    opening = NOON if is_full else NIGHT + timedelta(hours=10)

    way = office.take(now=now)

    assert isinstance(way, HangUp)
    assert SELLER.registered_name in way.sentence
    assert "call you back" in way.sentence
    [task] = office.tasks.open_tasks()
    reason = TaskReason.FULL if is_full else TaskReason.OUTSIDE_HOURS
    assert (task.lead_id, task.reason, task.due_at) == ("ada", reason, opening)
    assert office.world.lead().promised_at == opening
    assert office.attempt().end_reason == reason
    assert office.take(now=now) == way
    assert len(office.tasks.open_tasks()) == 1


def test_without_word_of_any_worker_a_call_back_is_promised() -> None:
    office = Office()

    class Away:
        def acquire(self, *_: object, **__: object) -> None:
            raise Unavailable("Redis is away")

    object.__setattr__(office.world, "capacity", Away())

    assert isinstance(office.take(), HangUp)
    assert [task.reason for task in office.tasks.open_tasks()] == [TaskReason.FULL]


def test_an_earlier_promise_stands_and_an_opted_out_lead_is_promised_nothing() -> None:
    promised, silent = Office(), Office()
    promised.world.add(make_lead(promised_at=NOON))
    silent.world.add(make_lead(status=LeadStatus.OPTED_OUT))
    for office in (promised, silent):
        office.opens()
        office.take(now=NIGHT)

    assert promised.world.lead().promised_at == NOON
    assert silent.world.lead().promised_at is None
    assert len(silent.tasks.open_tasks()) == 1  # a person decides


def test_who_withholds_a_number_cannot_be_called_back() -> None:
    office = Office()
    office.opens()
    office.take("anonymous", now=NIGHT)

    assert office.tasks.open_tasks() == []


def test_a_caller_is_never_refused_while_a_reserved_slot_is_free() -> None:
    office = Office()
    office.world.add(make_lead())
    outbound = [AttemptId(f"x{number}") for number in range(LEASE.slots)]
    held = [office.world.capacity.acquire(each, hold_for=timedelta(minutes=5), leave_free=2) for each in outbound]
    assert [lease is not None for lease in held] == [True, True, True, False, False]

    assert isinstance(office.take(sid="CA1"), Connect)
    assert isinstance(office.take("+13125550177", sid="CA2"), Connect)
    assert isinstance(office.take("+13125550178", sid="CA3"), HangUp)


def test_who_calls_while_we_ring_them_is_answered_and_the_ring_is_ended() -> None:
    office = Office()
    office.world.add(make_lead())
    ours = office.world.ring()

    assert isinstance(office.take(), Connect)

    assert office.world.telephony.hung_up == [ours.provider_sid]
    ringing = office.world.attempt()
    assert ringing.talk_until is not None
    assert ringing.talk_until <= NOON


def test_a_ring_that_the_carrier_does_not_end_is_ended_at_its_answer() -> None:
    office = Office()
    office.world.add(make_lead())
    office.world.ring()

    class Deaf:
        def hang_up(self, sid: str) -> None:
            raise Unavailable("the carrier is away")

    object.__setattr__(office.world, "telephony", Deaf())

    assert isinstance(office.take(), Connect)
    assert office.world.attempt().talk_until == NOON


@pytest.mark.parametrize(
    ("now", "is_open", "opens_in"),
    [
        (NOON, True, timedelta(0)),
        (NIGHT, False, timedelta(hours=10)),
        (NOON + timedelta(days=4), False, timedelta(days=1, hours=21)),  # Saturday noon, until Monday at nine
        (NOON.replace(hour=14), True, timedelta(0)),
        (NOON.replace(hour=13, minute=59), False, timedelta(minutes=1)),
        (NOON.replace(hour=22), False, timedelta(hours=16)),
    ],
)
def test_a_desk_keeps_the_hours_of_its_own_clock(now: Any, is_open: bool, opens_in: timedelta) -> None:
    desk = InboundDesk(seller_id=SELLER.id, hours=WEEK, timezone="America/Chicago")

    assert desk.is_open(now) is is_open
    assert desk.next_opening(now) - now == opens_in


def test_a_desk_that_opens_once_a_week_is_found_a_week_ahead() -> None:
    desk = InboundDesk(seller_id=SELLER.id, hours=(WEEK[1],), timezone="America/Chicago")

    assert desk.next_opening(NOON.replace(hour=22)) == NOON.replace(hour=14) + timedelta(days=7)
