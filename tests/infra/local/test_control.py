"""The control plane serves the template's functions until it is told to stop."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.local.backstage import Backstage, Work
from infra.local.child import free_port
from infra.local.control import ControlConfig, serve
from infra.local.processes import answers_http
from shared.kernel.errors import Malformed, Unavailable
from tests.infra.local import handlers
from tests.infra.local.stack import SMALL_TEMPLATE, MemoryOutbox, SettableClock, eventually, small_stack


def behind(outbox: MemoryOutbox) -> Callable[[Callable[[], None]], Work]:
    """Queues and schedules in this process."""
    return lambda lost: Backstage(small_stack(), store=outbox, clock=SettableClock())


def test_requests_messages_and_schedules_reach_their_functions_until_sigterm() -> None:
    handlers.seen.clear()
    outbox = MemoryOutbox()
    port = free_port()
    answers: list[int] = []

    def use_and_stop() -> None:
        try:
            assert eventually(answers_http(port, "/-/health"))
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("POST", "/v1/twilio/answer/a1", body="x")
            answers.append(connection.getresponse().status)
            connection.close()
            outbox.write("dial", "m1")
            assert eventually(lambda: outbox.finished == ["m1"])
            assert eventually(lambda: any(event.get("source") == "aws.scheduler" for event in handlers.seen))
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    user = threading.Thread(target=use_and_stop)
    user.start()
    serve(ControlConfig(template=SMALL_TEMPLATE, port=port), work=behind(outbox), clock=SettableClock())
    user.join()

    assert answers == [200]
    assert outbox.finished == ["m1"]
    assert signal.getsignal(signal.SIGTERM) is before
    assert not answers_http(port, "/-/health")()


def test_a_taken_port_is_said_so() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        config = ControlConfig(template=SMALL_TEMPLATE, port=other.getsockname()[1])
        with pytest.raises(Unavailable, match="choose another port"):
            serve(config, work=behind(MemoryOutbox()), clock=SettableClock())


def test_a_missing_template_is_said_so(tmp_path: Path) -> None:
    config = ControlConfig(template=tmp_path / "template.yaml", port=0)

    with pytest.raises(Malformed, match="No such file"):
        serve(config, work=behind(MemoryOutbox()), clock=SettableClock())


def test_the_process_says_in_one_line_which_setting_it_lacks(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "infra.local"],
        env={"PYTHONPATH": str(Path(__file__).parents[3])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr.strip() == "CONTROL_PORT: field required"
