"""Callbacks come late, twice and shuffled; the attempt ends the same."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from shared.adapters.memory import MemoryCapacity
from shared.calls import AttemptState, CallAttempt
from shared.calls.fold import fold, fold_attempt
from shared.calls.ports import ProviderEvent
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId, CampaignId, LeadId, SellerId
from tests.shared.calls.world import NOON, World, make_event, make_lead

DIALING = CallAttempt(
    id=AttemptId("a1"),
    seller_id=SellerId("seller-1"),
    campaign_id=CampaignId("campaign-1"),
    lead_id=LeadId("ada"),
    attempt_no=1,
    phone="+15125550101",
    caller_id="+15125550000",
    state=AttemptState.DIALING,
    planned_at=NOON,
    dial_deadline=NOON + timedelta(seconds=90),
    dial_started_at=NOON,
)
CALL = [
    make_event("a1", "initiated", 0),
    make_event("a1", "ringing", 1),
    make_event("a1", "in-progress", 4),
    make_event("a1", "completed", 60, CallDuration="56", AnsweredBy="human", SipResponseCode="200"),
]
DETECTION = ProviderEvent(
    attempt_id=AttemptId("a1"),
    kind="amd",
    dedupe_key="amd:CA1:human",
    at=NOON + timedelta(seconds=7),
    payload={"CallSid": "CA1", "AnsweredBy": "human"},
)
STREAM = ProviderEvent(
    attempt_id=AttemptId("a1"),
    kind="stream",
    dedupe_key="stream:MZ1:stream-started",
    at=NOON + timedelta(seconds=5),
    payload={"CallSid": "CA1", "StreamSid": "MZ1", "StreamEvent": "stream-started"},
)


def test_every_order_with_repetitions_ends_the_same() -> None:
    events = [*CALL, DETECTION]
    expected = fold(DIALING, events)

    for order in permutations(events):
        shuffled = [*order, *order[:2]]
        one_by_one = DIALING
        for number in range(len(shuffled)):
            one_by_one = fold(one_by_one, shuffled[: number + 1])
        assert fold(DIALING, shuffled) == expected
        assert one_by_one == expected


def test_a_whole_call_is_told_whole() -> None:
    ended = fold(DIALING, [*CALL, DETECTION, STREAM])

    assert ended.state is AttemptState.ENDED
    assert ended.provider_sid == "CA1"
    assert ended.provider_result == "completed"
    assert ended.answered_at == NOON + timedelta(seconds=4)
    assert ended.streamed_at == NOON + timedelta(seconds=5)
    assert ended.ended_at == NOON + timedelta(seconds=60)
    assert (ended.duration_seconds, ended.sip_code) == (56, 200)
    assert ended.answered_by == "human"


def test_lost_callbacks_do_not_matter_once_the_last_is_there() -> None:
    assert fold(DIALING, CALL[-1:]).state is AttemptState.ENDED


@pytest.mark.parametrize("result", ["busy", "no-answer", "failed", "canceled"])
def test_a_call_that_nobody_held_says_why(result: str) -> None:
    ended = fold(DIALING, [*CALL[:2], make_event("a1", result, 30)])

    assert (ended.state, ended.provider_result, ended.answered_at) == (AttemptState.ENDED, result, None)


def test_another_call_of_the_same_attempt_changes_nothing() -> None:
    bound = replace(DIALING, provider_sid="CA1", state=AttemptState.PLACED)

    assert fold(bound, [make_event("a1", "completed", 9, sid="CA2")]) == bound


def test_what_is_over_stays_over() -> None:
    given_up = replace(DIALING, state=AttemptState.NOT_PLACED, ended_at=NOON + timedelta(seconds=90))

    assert fold(given_up, CALL).state is AttemptState.NOT_PLACED


def test_a_reconnected_call_goes_on_recovering_whatever_comes_late() -> None:
    recovering = replace(DIALING, state=AttemptState.RECOVERING, provider_sid="CA1", recoveries=1)

    assert fold(recovering, [*CALL[:3], STREAM]).state is AttemptState.RECOVERING


def test_words_we_do_not_know_change_no_state() -> None:
    assert fold(DIALING, [make_event("a1", "transmogrified", 2)]).state is AttemptState.DIALING


def test_an_ended_call_frees_its_slot_and_is_closed_once() -> None:
    world = World()
    world.add(make_lead())
    world.dispatch()
    free = world.capacity.free()
    for event in CALL:
        world.calls.receive(event)

    for _ in range(3):
        fold_attempt(AttemptId("a1"), calls=world.calls, capacity=world.capacity)

    assert world.attempt().state is AttemptState.ENDED
    assert world.capacity.free() == free + 1
    assert world.messages("close") == [{"attempt_id": "a1"}]


def test_why_a_call_failed_is_kept() -> None:
    ended = fold(DIALING, [*CALL[:1], make_event("a1", "failed", 3, SipResponseCode="404")])

    assert (ended.state, ended.provider_result, ended.sip_code) == (AttemptState.ENDED, "failed", 404)


def test_a_fold_leaves_the_worker_that_the_answer_chose_meanwhile() -> None:
    world = World()
    world.add(make_lead())
    world.dispatch()
    world.calls.receive(make_event("a1", "ringing", 1))

    class AnsweredMeanwhile(type(world.calls)):  # type: ignore[misc]
        def events(self, attempt_id: AttemptId) -> list[ProviderEvent]:
            found = super().events(attempt_id)
            self.move(replace(self.get(attempt_id), worker="w2", slot_epoch="e9"))
            return list(found)

    fold_attempt(AttemptId("a1"), calls=AnsweredMeanwhile(world.store), capacity=world.capacity)

    assert (world.attempt().state, world.attempt().worker) == (AttemptState.RINGING, "w2")


def test_an_ended_call_is_closed_while_the_room_for_calls_is_unknown() -> None:
    class Away(MemoryCapacity):
        def release(self, attempt_id: AttemptId, *, worker: str) -> None:
            raise Unavailable("away")

    world = World()
    world.add(make_lead())
    world.dispatch()
    world.calls.receive(CALL[-1])

    assert fold_attempt(AttemptId("a1"), calls=world.calls, capacity=Away()).is_over
    assert world.messages("close") == [{"attempt_id": "a1"}]
