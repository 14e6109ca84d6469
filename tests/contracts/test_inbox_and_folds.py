"""Every CallInbox keeps a callback once; every CallFolds joins many attempts as if each were alone."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.calls import AttemptState, CallAttempt
from shared.calls.folding import Joined, joined
from shared.calls.inbox import Receipt
from shared.calls.provider_event import BY_CALL, ProviderEvent
from shared.campaigns import CampaignState
from shared.kernel.errors import Conflict
from shared.kernel.ids import AttemptId, new_id
from shared.kernel.outbox import NewMessage
from tests.contracts.backends import Backend
from tests.contracts.nouns import NOON, make_campaign, make_event

STRANGER = "018f0000-0000-7000-8000-000000000000"

SOON = timedelta(seconds=30)


def dialled(backend: Backend, number: int = 0) -> CallAttempt:
    """A call that was dialled, to a phone of its own."""
    backend.campaigns.save(make_campaign(state=CampaignState.RUNNING))
    attempt = backend.plan(backend.add_lead(phone=f"+1312555{number:04}"))
    backend.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=NOON)
    return attempt


def told(attempt: CallAttempt, status: str, number: int, sid: str = "CA1") -> ProviderEvent:
    payload = {"CallSid": sid, "CallStatus": status, "SequenceNumber": str(number)}
    at = NOON + timedelta(seconds=number)
    return make_event(attempt, dedupe_key=f"status:{sid}:{status}:{number}", at=at, payload=payload)


def errands(backend: Backend, topic: str = "status") -> list[str]:
    found = backend.outbox.lease(topic=topic, now=NOON, lease_for=SOON, limit=100)
    return [message.body["attempt_id"] for message in found]


def test_a_callback_that_names_no_attempt_goes_to_that_of_its_call(backend: Backend) -> None:
    attempt = dialled(backend)
    backend.calls.move(replace(backend.calls.get(attempt.id), provider_sid="CA1"))
    event = replace(told(attempt, "completed", 1), attempt_id=BY_CALL)

    assert backend.inbox.receive(event) is Receipt.NEW
    assert backend.inbox.receive(event) is Receipt.KNOWN
    assert [each.dedupe_key for each in backend.calls.events(attempt.id)] == [event.dedupe_key]
    assert errands(backend) == [attempt.id]
    stranger = replace(event, payload=event.payload | {"CallSid": "CA2"})
    assert backend.inbox.receive(stranger) is Receipt.UNKNOWN


def test_a_callback_is_kept_once_and_folded_once(backend: Backend) -> None:
    attempt = dialled(backend)
    event = told(attempt, "ringing", 1)

    assert backend.inbox.receive(event) is Receipt.NEW
    assert backend.inbox.receive(event) is Receipt.KNOWN

    assert backend.calls.events(attempt.id) == [event]
    assert errands(backend) == [attempt.id]


@pytest.mark.parametrize("attempt_id", [STRANGER, "nobody", "", "x" * 500])
def test_a_callback_about_nobody_is_said_so(backend: Backend, attempt_id: str) -> None:
    attempt = dialled(backend)

    event = replace(told(attempt, "ringing", 1), attempt_id=AttemptId(attempt_id))
    assert backend.inbox.receive(event) is Receipt.UNKNOWN
    assert errands(backend) == []


def test_callbacks_that_come_together_are_each_told_what_became_of_them(backend: Backend) -> None:
    attempts = [dialled(backend, number) for number in range(5)]
    events = [told(attempt, "ringing", number) for attempt in attempts for number in range(20)]
    strangers = [replace(events[0], attempt_id=AttemptId(new_id())) for _ in range(20)]
    everything = [*events, *events, *strangers]

    with ThreadPoolExecutor(16) as pool:
        receipts = list(pool.map(backend.inbox.receive, everything))

    assert receipts.count(Receipt.UNKNOWN) == len(strangers)
    assert receipts.count(Receipt.UNKNOWN) == receipts[-20:].count(Receipt.UNKNOWN)
    # Of two that are written in one statement neither was known before.
    assert receipts.count(Receipt.NEW) >= len(events)
    assert all(len(backend.calls.events(attempt.id)) == 20 for attempt in attempts)
    assert set(errands(backend)) == {attempt.id for attempt in attempts}


def test_callbacks_that_came_by_a_queue_are_kept_once(backend: Backend) -> None:
    attempt = dialled(backend)
    first, second = told(attempt, "ringing", 1), told(attempt, "in-progress", 2)
    stranger = replace(first, attempt_id=AttemptId(new_id()))

    def kept(*came: ProviderEvent) -> list[ProviderEvent]:
        opened = backend.folds.open([], came=came)
        backend.folds.fold(opened, joined)
        return list(opened.new)

    assert kept(first, stranger) == [first]
    assert kept(second, first, second) == [second]
    assert kept(second, first) == kept(first) == []
    assert list(backend.folds.open([], came=[stranger]).inboxes) == []
    assert list(backend.calls.events(attempt.id)) == [first, second]
    assert backend.calls.get(attempt.id).state is AttemptState.ANSWERED


def test_callbacks_that_came_by_a_queue_are_kept_though_nothing_follows_from_them(backend: Backend) -> None:
    attempts = [dialled(backend, number) for number in range(3)]
    late = [told(attempt, "ringing", 1, f"CA{number}") for number, attempt in enumerate(attempts)]
    for number, attempt in enumerate(attempts):
        backend.inbox.receive(told(attempt, "in-progress", 2, f"CA{number}"))
    backend.folds.fold(backend.folds.open([attempt.id for attempt in attempts]), joined)

    backend.folds.fold(backend.folds.open([], came=late[:1]), joined)
    backend.folds.fold(backend.folds.open([], came=late[1:]), joined)

    assert all(event in backend.calls.events(event.attempt_id) for event in late)


def test_callbacks_that_came_by_a_queue_end_their_call(backend: Backend) -> None:
    attempt = dialled(backend)
    opened = backend.folds.open([], came=[told(attempt, "busy", 2)])

    assert backend.folds.fold(opened, joined)[0].is_over
    assert errands(backend, "close") == [attempt.id]
    assert len(backend.calls.events(attempt.id)) == 1


def test_callbacks_that_came_by_a_queue_meet_others_that_were_faster(backend: Backend) -> None:
    attempt = dialled(backend)
    first, second = told(attempt, "in-progress", 2), told(attempt, "ringing", 1)
    opened = backend.folds.open([], came=[first])
    backend.folds.fold(backend.folds.open([], came=[second]), joined)

    [folded] = backend.folds.fold(opened, joined)

    assert folded == backend.calls.get(attempt.id)
    assert folded.state is AttemptState.ANSWERED
    assert {event.dedupe_key for event in backend.calls.events(attempt.id)} == {first.dedupe_key, second.dedupe_key}


@pytest.mark.parametrize("count", [1, 2])
def test_callbacks_of_a_call_that_belongs_to_another_attempt_are_kept(backend: Backend, count: int) -> None:
    owner, other, third = (dialled(backend, number) for number in range(3))
    backend.folds.fold(backend.folds.open([], came=[told(owner, "ringing", 1, "CA1")]), joined)
    came = [told(other, "ringing", 1, "CA1"), told(third, "ringing", 1, "CA2")][:count]

    with pytest.raises(Conflict):
        backend.folds.fold(backend.folds.open([], came=came), joined)
    assert [len(backend.calls.events(event.attempt_id)) for event in came] == [1] * count
    assert backend.calls.get(third.id).state is AttemptState.DIALING


def test_many_attempts_are_folded_at_once(backend: Backend) -> None:
    over, live, quiet = (dialled(backend, number) for number in range(3))
    for event in (told(over, "ringing", 1), told(over, "busy", 2), told(live, "ringing", 1, "CA2")):
        backend.inbox.receive(event)

    folded = backend.folds.fold(backend.folds.open([over.id, live.id, quiet.id, AttemptId(new_id())]), joined)

    assert {each.id: each.state for each in folded} == {
        over.id: AttemptState.ENDED,
        live.id: AttemptState.RINGING,
        quiet.id: AttemptState.DIALING,
    }
    assert [backend.calls.get(each.id) for each in folded] == list(folded)
    assert errands(backend, "close") == [over.id]
    backend.folds.fold(backend.folds.open([over.id]), joined)
    assert errands(backend, "close") == []


def test_a_batch_that_cannot_be_kept_leaves_nothing_behind(backend: Backend) -> None:
    first, second = dialled(backend, 0), dialled(backend, 1)
    backend.inbox.receive(told(first, "ringing", 1, "CA1"))
    backend.inbox.receive(told(second, "ringing", 1, "CA1"))

    with pytest.raises(Conflict):
        backend.folds.fold(backend.folds.open([first.id, second.id]), joined)
    assert backend.calls.get(first.id).state is AttemptState.DIALING
    assert backend.folds.fold(backend.folds.open([first.id]), joined)[0].provider_sid == "CA1"


def test_a_fold_leaves_what_is_none_of_its_business(backend: Backend) -> None:
    attempt = dialled(backend)
    backend.inbox.receive(told(attempt, "ringing", 1))
    known = backend.calls.get(attempt.id)

    [folded] = backend.folds.fold(backend.folds.open([attempt.id]), joined)

    assert folded == replace(known, state=AttemptState.RINGING, provider_sid="CA1")


def test_messages_follow_from_what_the_join_says(backend: Backend) -> None:
    attempt = dialled(backend)

    def shout(known: CallAttempt, events: Sequence[ProviderEvent]) -> Joined:
        return Joined(attempt=known, messages=(NewMessage(topic="close", body={"attempt_id": known.id}),))

    backend.folds.fold(backend.folds.open([attempt.id]), shout)
    assert errands(backend, "close") == [attempt.id]
