"""Machines with clocks of their own agree on the database's."""

from datetime import datetime, timedelta

import pytest

from shared.kernel.errors import Unavailable
from shared.storage.light.clock import NOW, DatabaseTime
from shared.storage.light.connections import Connections
from tests.shared.calls.world import NOON

WRONG = timedelta(minutes=5)


class Machine:
    """A clock that is five minutes slow, a stopwatch, and a database that knows better and takes its time to say so."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.asked = 0
        self.is_away = False
        self.offset = WRONG

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.passed)

    def stopwatch(self) -> float:
        return self.passed

    def ask(self) -> datetime:
        if self.is_away:
            raise Unavailable("away")
        self.asked += 1
        self.passed += 0.2
        return self.now() - timedelta(seconds=0.1) + self.offset

    def time(self) -> DatabaseTime:
        return DatabaseTime(self.ask, self.now, stopwatch=self.stopwatch)


def test_the_time_is_the_databases_and_its_answer_is_from_the_middle_of_the_wait() -> None:
    machine = Machine()

    assert machine.time().now() == machine.now() + WRONG


def test_the_database_is_asked_now_and_then_and_carried_on_in_between() -> None:
    machine = Machine()
    time = machine.time()
    time.now()
    machine.passed += 299
    assert time.now() == machine.now() + WRONG
    assert machine.asked == 1

    machine.offset = timedelta(minutes=4)
    machine.passed += 2
    assert time.now() == machine.now() + machine.offset
    assert machine.asked == 2


def test_without_the_database_nobody_knows_what_time_it_is() -> None:
    machine = Machine()
    machine.is_away = True

    with pytest.raises(Unavailable):
        machine.time().now()


def test_the_database_can_be_asked(database_url: str) -> None:
    connections = Connections(database_url)
    first, second = (connections.rows(NOW, {})[0]["now"] for _ in range(2))
    connections.close()

    assert first.utcoffset() == timedelta(0)
    assert first < second
