"""A person sees what nobody could handle, and offers it again."""

from datetime import timedelta

import pytest

from shared.adapters.memory import MemoryOutbox
from shared.kernel.outbox import NewMessage
from tests.infra.cli.office import Office
from tests.shared.calls.world import NOON


@pytest.fixture
def office() -> Office:
    return Office()


def kill(office: Office, attempt: str, *, error: str = "Unavailable: the carrier is away") -> None:
    outbox = MemoryOutbox(office.desk.world.store)
    outbox.put([NewMessage(topic="dial", body={"attempt_id": attempt})], NOON)
    [message] = outbox.lease(topic="dial", now=NOON, lease_for=timedelta(seconds=1), limit=1)
    outbox.failed(message.id, now=NOON, retry_in=timedelta(0), max_receives=1, error=error)


def test_where_nothing_died_it_says_so(office: Office) -> None:
    assert "There are no dead letters" in office.run("dead-letters", "list")
    assert "There are no dead letters" in office.run("dead-letters", "redrive")
    assert "There are none of this topic" in office.run("dead-letters", "show", "dial")


def test_the_dead_are_counted_by_topic(office: Office) -> None:
    kill(office, "a1")
    kill(office, "a2")

    assert office.json("dead-letters", "list") == [{"topic": "dial", "messages": 2}]
    assert "dial" in office.run("dead-letters", "list")


def test_one_sees_what_they_say_and_why_they_died(office: Office) -> None:
    kill(office, "a1")

    [dead] = office.json("dead-letters", "show", "dial")
    assert (dead["body"], dead["error"]) == ({"attempt_id": "a1"}, "Unavailable: the carrier is away")
    told = office.run("dead-letters", "show", "dial")
    assert "tried 1 time" in told
    assert '{"attempt_id": "a1"}' in told


def test_they_are_offered_again_by_topic_or_all(office: Office) -> None:
    kill(office, "a1")
    assert "1 message offered again" in office.run("dead-letters", "redrive", "--topic", "dial")

    kill(office, "a2")
    assert office.json("dead-letters", "redrive") == [{"topic": "dial", "messages": 1}]
    assert office.json("dead-letters", "list") == []
