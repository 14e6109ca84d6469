"""The process of queues and schedules lives as long as somebody is in front of it, and is missed when it does not."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from infra.local.backstage_process import BackstageProcess
from shared.kernel.outbox import NewMessage
from shared.storage.engine import make_engine
from shared.storage.outbox import SqlOutbox
from tests.functions.desk import installation
from tests.infra.local.stack import eventually
from tests.shared.calls.world import NOON


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch, database_url: str, redis_url: str) -> Iterator[SqlOutbox]:
    """The messages of an installation."""
    for name, value in installation(database_url=database_url, redis_url=redis_url).items():
        monkeypatch.setenv(name, value)
    engine = make_engine(database_url, pool_size=1)
    yield SqlOutbox(engine)
    engine.dispose()


def test_messages_are_carried_until_it_is_stopped(outbox: SqlOutbox) -> None:
    lost = threading.Event()
    work = BackstageProcess(lost=lost.set)
    work.start()
    outbox.put([NewMessage(topic="status", body={"attempt_id": "00000000-0000-7000-8000-000000000001"})], NOON)
    work.wake()

    assert eventually(lambda: "status" not in outbox.waiting(), seconds=30)
    pid = work.pid
    work.stop()
    work.stop()
    assert not lost.is_set()
    with pytest.raises(ProcessLookupError):
        os.kill(pid or 0, 0)


@pytest.mark.usefixtures("outbox")
def test_it_is_missed_when_it_dies() -> None:
    lost = threading.Event()
    work = BackstageProcess(lost=lost.set)
    work.start()
    os.kill(work.pid or 0, signal.SIGKILL)

    assert lost.wait(10)
    work.wake()
    work.stop()
