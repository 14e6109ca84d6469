"""A planned attempt is rung at most once, and whatever comes of it, nothing is left behind."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.memory import MemoryTelephony
from shared.adapters.memory.pace import MemoryAccountBreaker, MemoryPacer
from shared.calls import AttemptState, Verdict
from shared.calls.dial import DialResult, dial_attempt
from shared.calls.ports import AccountRefused, BadNumber, CarrierRefused, Dial, PlacedCall
from shared.calls.stops import StopScope, StopSwitch
from shared.campaigns import CampaignState
from shared.costs import ReservationState
from shared.kernel.errors import Conflict, ReautoError, Unavailable
from shared.kernel.ids import AttemptId
from shared.kernel.money import Money
from shared.leads import Suppression, SuppressionReason
from tests.shared.calls.world import NIGHT, NOON, World, make_campaign, make_lead

SOON = NOON + timedelta(seconds=1)


@pytest.fixture
def world() -> World:
    world = World()
    world.add(make_lead())
    world.dispatch()
    return world


def dial(world: World, now: datetime = SOON, name: str = "a1") -> DialResult:
    return dial_attempt(AttemptId(name), dialler=world.dialler, now=now)


def assert_nothing_is_held(world: World) -> None:
    assert world.pending() == Money()
    assert world.costs.reservation(AttemptId("a1")).state is ReservationState.VOID
    assert world.capacity.free() == 5
    assert world.messages("close") == [{"attempt_id": "a1"}]
    assert world.attempt().ended_at is not None


def test_the_phone_rings_and_the_call_is_bound(world: World) -> None:
    assert dial(world) is DialResult.PLACED

    attempt = world.attempt()
    assert (attempt.state, attempt.provider_sid, attempt.dial_started_at) == (
        AttemptState.PLACED,
        "CA" + "1".zfill(32),
        SOON,
    )
    assert world.telephony.dialled == [
        Dial(
            attempt_id=AttemptId("a1"),
            to="+15125550101",
            caller_id="+15125550000",
            ring_timeout=timedelta(seconds=25),
            time_limit=timedelta(minutes=5),
        )
    ]
    assert [each.verdict for each in world.calls.permissions(attempt.lead_id)] == [Verdict.ALLOW, Verdict.ALLOW]


def test_a_message_that_comes_again_rings_nobody(world: World) -> None:
    dial(world)

    assert [dial(world) for _ in range(3)] == [DialResult.NOT_PLANNED] * 3
    assert len(world.telephony.dialled) == 1


def test_a_process_that_died_before_the_request_is_not_followed_by_a_second_request(world: World) -> None:
    world.calls.begin_dialing(AttemptId("a1"), worker="w1", slot_epoch="e1", now=SOON)

    assert dial(world) is DialResult.NOT_PLANNED
    assert world.telephony.dialled == []


@pytest.mark.parametrize(
    ("failure", "result", "state"),
    [
        (BadNumber("21211"), DialResult.BAD_NUMBER, AttemptState.REJECTED),
        (CarrierRefused("21215"), DialResult.CARRIER_REFUSED, AttemptState.REJECTED),
        (AccountRefused("20003"), DialResult.ACCOUNT_REFUSED, AttemptState.NOT_PLACED),
        (Conflict("429"), DialResult.CARRIER_BUSY, AttemptState.NOT_PLACED),
    ],
)
def test_a_definite_no_gives_everything_back(
    world: World, failure: ReautoError, result: DialResult, state: AttemptState
) -> None:
    world.telephony = MemoryTelephony(failure=failure)

    assert dial(world) is result
    assert (world.attempt().state, world.attempt().end_reason) == (state, result.value)
    assert_nothing_is_held(world)


def test_a_lost_answer_keeps_money_and_slot_until_it_is_known(world: World) -> None:
    world.telephony = MemoryTelephony(failure=Unavailable("timeout"))

    assert dial(world) is DialResult.UNKNOWN
    assert dial(world) is DialResult.NOT_PLANNED
    assert world.attempt().state is AttemptState.UNKNOWN
    assert world.pending() == Money.usd("0.15")
    assert world.capacity.free() == 4
    assert len(world.telephony.dialled) == 1
    assert world.messages("reconcile") == [{"attempt_id": "a1"}]


def test_an_attempt_that_waited_too_long_is_given_up(world: World) -> None:
    assert dial(world, NOON + timedelta(seconds=90)) is DialResult.STALE
    assert_nothing_is_held(world)


def test_who_opts_out_between_plan_and_dial_is_not_rung(world: World) -> None:
    world.suppressions.add(Suppression(phone="+15125550101", reason=SuppressionReason.OPT_OUT, at=NOON))

    assert dial(world) is DialResult.NOT_ALLOWED
    assert world.telephony.dialled == []
    assert_nothing_is_held(world)


def test_nobody_is_rung_once_the_hour_has_passed(world: World) -> None:
    planned = replace(world.attempt(), dial_deadline=NIGHT + timedelta(minutes=1))
    world.store.attempts["a1"] = planned

    assert dial(world, NIGHT) is DialResult.NOT_ALLOWED
    assert_nothing_is_held(world)


def test_a_pause_holds_the_dial_back_and_ends_it_at_the_deadline(world: World) -> None:
    world.campaigns.save(make_campaign(state=CampaignState.PAUSED))

    assert dial(world) is DialResult.NO_ROOM
    assert world.attempt().state is AttemptState.PLANNED
    assert world.messages("dial") == [{"attempt_id": "a1"}] * 3
    assert world.telephony.dialled == []
    assert dial(world, NOON + timedelta(seconds=91)) is DialResult.STALE


def test_without_a_worker_the_dial_waits(world: World) -> None:
    world.capacity.release(AttemptId("a1"), worker="w1")
    for number in range(5):
        world.capacity.acquire(AttemptId(f"other-{number}"), hold_for=timedelta(seconds=30))

    assert dial(world) is DialResult.NO_ROOM
    world.capacity.release(AttemptId("other-0"), worker="w1")
    assert dial(world) is DialResult.PLACED


class QueueingTelephony(MemoryTelephony):
    """A carrier that would ring later."""

    def place(self, dial: Dial) -> PlacedCall:
        return replace(super().place(dial), queue_time=timedelta(seconds=4))


def test_a_call_that_the_carrier_would_ring_later_is_taken_back(world: World) -> None:
    world.telephony = QueueingTelephony()

    assert dial(world) is DialResult.QUEUED_BY_CARRIER
    assert world.telephony.hung_up == [world.attempt().provider_sid]
    assert world.attempt().end_reason == "queued_by_carrier"


def test_the_attempt_keeps_where_it_is_talked_to_and_until_when(world: World) -> None:
    dial(world)

    attempt = world.attempt()
    assert (attempt.worker, attempt.slot_epoch, attempt.worker_url) == ("w1", "e1", "ws://127.0.0.1:9")
    assert attempt.talk_until == datetime(2026, 3, 11, 2, 0, 25, tzinfo=UTC)  # 21:00 in Texas and a whole ring


def test_whoever_was_dialled_is_looked_at_even_if_the_process_dies(world: World) -> None:
    class Dies(MemoryTelephony):
        def place(self, dial: Dial) -> PlacedCall:
            raise KeyboardInterrupt

    world.telephony = Dies()
    with pytest.raises(KeyboardInterrupt):
        dial(world)

    assert world.attempt().state is AttemptState.DIALING
    assert world.messages("reconcile") == [{"attempt_id": "a1"}]


def test_a_dial_without_a_token_comes_again_and_burns_no_attempt(world: World) -> None:
    world.pacer = MemoryPacer(lambda: world.moment, every=timedelta(seconds=2))
    world.pacer.take("AC1")

    assert dial(world) is DialResult.TOO_FAST
    assert world.attempt().state is AttemptState.PLANNED
    assert world.store.messages[-1].available_at == SOON + timedelta(seconds=2)
    world.moment = NOON + timedelta(seconds=2)
    assert dial(world) is DialResult.PLACED


def test_no_dial_comes_again_after_its_deadline(world: World) -> None:
    world.pacer = MemoryPacer(lambda: world.moment, every=timedelta(hours=1))
    world.pacer.take("AC1")
    dial(world, NOON + timedelta(seconds=88))

    assert world.store.messages[-1].available_at == world.attempt().dial_deadline


@pytest.mark.parametrize("failure", [AccountRefused("20003"), Conflict("429")])
def test_a_refused_account_is_left_alone_until_one_dial_may_try(failure: ReautoError) -> None:
    world = World()
    world.add(*(make_lead(f"lead-{n}", phone=f"+1512555{n:04}") for n in range(4)))
    world.dispatch()
    world.telephony = MemoryTelephony(failure=failure)
    dial(world)
    world.telephony = MemoryTelephony()

    assert dial(world, name="a2") is DialResult.ACCOUNT_BLOCKED
    world.moment = NOON + timedelta(seconds=31)
    world.breaker.admit("AC1")  # the one that tries
    assert dial(world, name="a3") is DialResult.ACCOUNT_BLOCKED
    world.breaker.succeeded("AC1")
    assert dial(world, name="a3") is DialResult.PLACED
    assert len(world.telephony.dialled) == 1


def test_failures_in_a_row_open_the_breaker() -> None:
    world = World(telephony=MemoryTelephony(failure=Unavailable("timeout")))
    world.add(*(make_lead(f"lead-{n}", phone=f"+1512555{n:04}") for n in range(5)))
    world.breaker = MemoryAccountBreaker(lambda: world.moment, after=3)
    world.dispatch()

    assert [dial(world, name=f"a{n}") for n in range(1, 6)] == [DialResult.UNKNOWN] * 3 + [
        DialResult.ACCOUNT_BLOCKED
    ] * 2


@pytest.mark.parametrize(
    ("scope", "target"),
    [(StopScope.ALL, None), (StopScope.SELLER, "seller-1"), (StopScope.CAMPAIGN, "campaign-1")],
)
def test_a_stop_switch_ends_what_is_planned(world: World, scope: StopScope, target: str | None) -> None:
    world.stops.throw(StopSwitch(scope=scope, target=target, at=NOON, by="ops", reason="drill"))

    assert dial(world) in (DialResult.NOT_ALLOWED, DialResult.NO_ROOM)
    assert world.telephony.dialled == []


def test_a_stop_that_is_thrown_after_the_last_check_still_stops(world: World) -> None:
    class StopsMeanwhile(MemoryPacer):
        def take(self, account: str) -> timedelta:
            world.stops.throw(StopSwitch(scope=StopScope.ALL, at=NOON, by="ops", reason="drill"))
            return super().take(account)

    world.pacer = StopsMeanwhile(lambda: world.moment)

    assert dial(world) is DialResult.HALTED
    assert world.telephony.dialled == []
    assert world.attempt().state is AttemptState.PLANNED


def test_what_was_decided_too_long_ago_is_decided_anew(world: World) -> None:
    class Slow:
        def now(self) -> datetime:
            return SOON + timedelta(seconds=2)

    late = replace(world.dialler, clock=Slow())

    assert dial_attempt(AttemptId("a1"), dialler=late, now=SOON) is DialResult.TOO_SLOW
    assert world.telephony.dialled == []


def test_a_breaker_that_is_away_stops_the_dial_before_and_not_after(world: World) -> None:
    class GoesAway(MemoryAccountBreaker):
        def succeeded(self, account: str) -> None:
            raise Unavailable("away")

    world.breaker = GoesAway(lambda: world.moment)
    assert dial(world) is DialResult.PLACED
    assert world.attempt().provider_sid is not None


def test_a_call_that_was_given_up_before_the_carrier_answered_is_taken_back(world: World) -> None:
    class SlowTelephony(MemoryTelephony):
        def place(self, dial: Dial) -> PlacedCall:
            lost = replace(world.attempt(), state=AttemptState.NOT_PLACED, ended_at=SOON, end_reason="not_placed")
            world.calls.move(lost)
            return super().place(dial)

    world.telephony = SlowTelephony()

    assert dial(world) is DialResult.TOO_LATE
    attempt = world.attempt()
    assert (attempt.state, attempt.has_rung) == (AttemptState.NOT_PLACED, True)
    assert world.telephony.hung_up == [attempt.provider_sid]


def test_a_second_call_of_an_attempt_is_taken_back(world: World) -> None:
    class OtherCall(MemoryTelephony):
        def place(self, dial: Dial) -> PlacedCall:
            world.calls.bind(dial.attempt_id, "CA-other", now=SOON)
            return super().place(dial)

    world.telephony = OtherCall()

    assert dial(world) is DialResult.TOO_LATE
    assert world.attempt().provider_sid == "CA-other"
    assert world.telephony.hung_up == ["CA" + "1".zfill(32)]


def test_nobody_is_rung_who_might_hear_it_when_the_hour_has_passed() -> None:
    closes = datetime(2026, 3, 11, 2, tzinfo=UTC)  # 21:00 in Texas
    world = World()
    world.add(make_lead())
    world.dispatch(closes - timedelta(seconds=30))

    assert dial(world, closes - timedelta(seconds=15)) is DialResult.CLOSES_SOON
    assert (world.telephony.dialled, world.attempt().state) == ([], AttemptState.PLANNED)

    assert dial(world, closes - timedelta(seconds=17)) is DialResult.PLACED


def test_a_dial_that_was_let_through_and_asks_nobody_leaves_its_turn_to_another() -> None:
    world = World()
    world.add(make_lead())
    world.dispatch()
    world.breaker.failed("AC1", at_once=True)
    world.moment = NOON + timedelta(seconds=31)
    slow = replace(world.dialler, clock=Slow(world.moment + timedelta(seconds=2)))

    assert dial_attempt(AttemptId("a1"), dialler=slow, now=world.moment) is DialResult.TOO_SLOW
    assert dial(world, world.moment) is DialResult.PLACED


@dataclass(frozen=True)
class Slow:
    """A clock by which the check has taken its time."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment
