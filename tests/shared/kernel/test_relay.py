"""A message of the outbox reaches the broker at least once, whatever fails in between."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.memory import MemoryOutbox
from shared.kernel.outbox import NewMessage, OutboxMessage
from shared.kernel.relay import BATCH, LEASE, RETRY_IN, Relayed, Turned, relay

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class Broker:
    """A broker that takes what it is not told to turn away."""

    turned: dict[str, Turned] = field(default_factory=dict)
    crashes: bool = False
    taken: list[str] = field(default_factory=list)

    @property
    def topics(self) -> Collection[str]:
        return ("dial", "close")

    def publish(self, messages: Sequence[OutboxMessage]) -> Mapping[str, Turned]:
        names = {message.id: message.body["name"] for message in messages}
        self.taken += [name for name in names.values() if name not in self.turned]
        if self.crashes:
            raise KeyboardInterrupt
        return {message_id: self.turned[name] for message_id, name in names.items() if name in self.turned}


@pytest.fixture
def outbox() -> MemoryOutbox:
    return MemoryOutbox()


def put(outbox: MemoryOutbox, *names: str, topic: str = "dial") -> None:
    outbox.put([NewMessage(topic=topic, body={"name": name}) for name in names], NOON)


def test_what_arrived_is_forgotten(outbox: MemoryOutbox) -> None:
    put(outbox, "a", "b")
    broker = Broker()

    assert relay(outbox=outbox, publisher=broker, now=NOON) == Relayed(published=2)
    assert (broker.taken, outbox.waiting()) == (["a", "b"], {})


def test_a_topic_without_a_queue_waits_for_whoever_reads_the_outbox(outbox: MemoryOutbox) -> None:
    put(outbox, "a", topic="render")

    assert relay(outbox=outbox, publisher=Broker(), now=NOON) == Relayed()
    assert outbox.waiting() == {"render": 1}


def test_what_the_broker_could_not_take_comes_again(outbox: MemoryOutbox) -> None:
    put(outbox, "a", "b")
    broker = Broker(turned={"a": Turned(reason="InternalError")})

    assert relay(outbox=outbox, publisher=broker, now=NOON) == Relayed(published=1, postponed=1)
    broker.turned.clear()
    assert relay(outbox=outbox, publisher=broker, now=NOON) == Relayed()
    assert relay(outbox=outbox, publisher=broker, now=NOON + RETRY_IN) == Relayed(published=1)
    assert broker.taken == ["b", "a"]


def test_what_the_broker_never_takes_is_laid_aside(outbox: MemoryOutbox) -> None:
    put(outbox, "a")

    done = relay(outbox=outbox, publisher=Broker(turned={"a": Turned(reason="too long", is_final=True)}), now=NOON)

    assert done == Relayed(laid_aside=1)
    assert [dead.error for dead in outbox.dead()] == ["too long"]


def test_a_crash_after_the_broker_took_it_brings_it_twice_never_not_at_all(outbox: MemoryOutbox) -> None:
    put(outbox, "a")
    broker = Broker(crashes=True)
    with pytest.raises(KeyboardInterrupt):
        relay(outbox=outbox, publisher=broker, now=NOON)

    broker.crashes = False
    assert relay(outbox=outbox, publisher=broker, now=NOON + LEASE - timedelta(seconds=1)) == Relayed()
    assert relay(outbox=outbox, publisher=broker, now=NOON + LEASE) == Relayed(published=1)
    assert broker.taken == ["a", "a"]


def test_one_look_takes_no_more_than_a_batch(outbox: MemoryOutbox) -> None:
    put(outbox, *(f"m{n}" for n in range(BATCH + 1)))

    assert relay(outbox=outbox, publisher=Broker(), now=NOON).published == BATCH
