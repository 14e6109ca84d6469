"""Every outbox keeps the same promises."""

from datetime import timedelta

from shared.kernel.outbox import NewMessage
from tests.contracts.backends import Backend
from tests.contracts.nouns import NOON

SOON = timedelta(seconds=30)


def put(backend: Backend, *names: str, group: str | None = None) -> None:
    backend.outbox.put([NewMessage(topic="dial", body={"name": name}, group=group) for name in names], NOON)


def lease(backend: Backend, *, at: timedelta = timedelta(0), limit: int = 10) -> list[str]:
    found = backend.outbox.lease(topic="dial", now=NOON + at, lease_for=SOON, limit=limit)
    return [str(message.body["name"]) for message in found]


def test_a_leased_message_is_hidden_until_the_lease_ends(backend: Backend) -> None:
    put(backend, "a", "b")

    assert lease(backend, limit=1) == ["a"]
    assert lease(backend) == ["b"]
    assert lease(backend, at=SOON - timedelta(seconds=1)) == []
    assert lease(backend, at=SOON) == ["a", "b"]


def test_receives_are_counted(backend: Backend) -> None:
    put(backend, "a")
    lease(backend)

    [again] = backend.outbox.lease(topic="dial", now=NOON + SOON, lease_for=SOON, limit=1)
    assert (again.receives, again.topic, again.available_at) == (2, "dial", NOON)


def test_what_is_done_never_comes_back(backend: Backend) -> None:
    put(backend, "a", "b")
    [first, _] = backend.outbox.lease(topic="dial", now=NOON, lease_for=SOON, limit=5)
    backend.outbox.done([first.id])

    assert lease(backend, at=SOON) == ["b"]


def test_a_message_waits_for_its_time_and_for_its_topic(backend: Backend) -> None:
    later = NewMessage(topic="dial", body={"name": "later"}, available_at=NOON + timedelta(minutes=1))
    backend.outbox.put([later, NewMessage(topic="close", body={"name": "other"})], NOON)

    assert lease(backend) == []
    assert lease(backend, at=timedelta(minutes=1)) == ["later"]


def test_a_busy_sender_does_not_starve_the_others(backend: Backend) -> None:
    put(backend, "a1", "a2", "a3", group="a")
    put(backend, "b1", group="b")

    assert lease(backend, limit=2) == ["a1", "b1"]


def test_a_failed_message_comes_again_later(backend: Backend) -> None:
    put(backend, "a")
    [message] = backend.outbox.lease(topic="dial", now=NOON, lease_for=SOON, limit=1)

    laid_aside = backend.outbox.failed(
        message.id, now=NOON, retry_in=timedelta(seconds=5), max_receives=3, error="busy"
    )
    assert not laid_aside
    assert lease(backend, at=timedelta(seconds=4)) == []
    assert lease(backend, at=timedelta(seconds=5)) == ["a"]


def test_a_message_that_nobody_could_use_is_laid_aside_until_a_person_says_so(backend: Backend) -> None:
    put(backend, "a")
    [message] = backend.outbox.lease(topic="dial", now=NOON, lease_for=SOON, limit=1)

    assert backend.outbox.failed(message.id, now=NOON, retry_in=SOON, max_receives=1, error="poison")
    assert lease(backend, at=timedelta(days=1)) == []
    [dead] = backend.outbox.dead()
    assert (dead.message.id, dead.error, dead.dead_at) == (message.id, "poison", NOON)

    assert backend.outbox.redrive([message.id]) == 1
    assert lease(backend) == ["a"]
    assert list(backend.outbox.dead()) == []


def test_what_waits_is_counted_by_topic(backend: Backend) -> None:
    put(backend, "a", "b")

    assert backend.outbox.waiting() == {"dial": 2}


def lease_any(backend: Backend, *topics: str, at: timedelta = timedelta(0), limit: int = 10) -> list[str]:
    leased = backend.outbox.lease_any(topics=topics, now=NOON + at, lease_for=SOON, limit=limit)
    return [message.body["name"] for message in leased]


def test_a_relay_takes_whatever_is_due_of_its_topics_oldest_first(backend: Backend) -> None:
    backend.outbox.put(
        [
            NewMessage(topic="close", body={"name": "a"}),
            NewMessage(topic="dial", body={"name": "b"}),
            NewMessage(topic="render", body={"name": "not mine"}),
            NewMessage(topic="dial", body={"name": "later"}, available_at=NOON + timedelta(minutes=1)),
        ],
        NOON,
    )

    assert lease_any(backend, "dial", "close", limit=1) == ["a"]
    assert lease_any(backend, "dial", "close") == ["b"]
    assert lease_any(backend, "dial", "close") == []
    assert lease_any(backend, "dial", "close", at=timedelta(minutes=1)) == ["a", "b", "later"]


def test_a_relay_leaves_the_dead_where_they_are(backend: Backend) -> None:
    put(backend, "a")
    [message] = backend.outbox.lease(topic="dial", now=NOON, lease_for=SOON, limit=1)
    backend.outbox.failed(message.id, now=NOON, retry_in=SOON, max_receives=1, error="poison")

    assert lease_any(backend, "dial", at=timedelta(days=1)) == []
