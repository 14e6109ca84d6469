"""Everything that was started is gone afterwards, whatever the moment of the end."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from infra.local import interrupts as interrupts_module
from infra.local.child import free_port
from infra.local.interrupts import Interrupts
from infra.local.processes import Program, Supervisor, answers_http, python_module
from shared.kernel.errors import Unavailable
from tests.infra.local.stack import eventually

ROOT = Path(__file__).parents[3]

# A child that notes its id and that of a child of its own, and takes its time to leave.
FAMILY = """
import os, signal, subprocess, sys, time
folder, deaf = sys.argv[1], len(sys.argv) > 2
if deaf:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
for pid in (os.getpid(), grandchild.pid):
    open(f"{folder}/{pid}", "w").close()
open(f"{folder}/ready-{os.getpid()}", "w").close()
time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def all_gone(pids: list[int]) -> bool:
    return not any(is_alive(pid) for pid in pids)


def noted(folder: Path) -> list[int]:
    return [int(path.name) for path in folder.iterdir() if path.name.isdigit()]


def family(name: str, folder: Path, *, deaf: bool = False, grace_seconds: float = 5) -> Program:
    command = [sys.executable, "-c", FAMILY, str(folder), *(["deaf"] if deaf else [])]
    ready: Callable[[], bool] = lambda: any(folder.glob("ready-*"))  # noqa: E731
    return Program(name, command, logs=folder.parent / "logs", probe=ready, grace_seconds=grace_seconds)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pids"
    made.mkdir()
    return made


class Noting:
    """A part that only says when it is started and stopped."""

    def __init__(self, name: str, log: list[str]) -> None:
        self.name = name
        self._log = log

    def prepare(self) -> None: ...

    def launch(self) -> None:
        self._log.append(f"+{self.name}")

    def is_ready(self) -> bool:
        return True

    def is_running(self) -> bool:
        return True

    def stop(self) -> None:
        self._log.append(f"-{self.name}")


def test_parts_stop_in_the_reverse_of_their_start() -> None:
    log: list[str] = []
    with Supervisor(Interrupts()) as parts:
        parts.start(Noting("a", log), Noting("b", log))
        parts.start(Noting("c", log))

    assert log == ["+a", "+b", "+c", "-c", "-b", "-a"]


def test_a_stopped_program_takes_its_own_children_along(folder: Path) -> None:
    with Supervisor(Interrupts()) as parts:
        program = family("node", folder)
        parts.start(program)
        parts.check()
        pids = noted(folder)
        assert program.pid in pids
        assert len(pids) == 2
        assert all(is_alive(pid) for pid in pids)

    assert eventually(partial(all_gone, pids))


def test_a_program_that_does_not_listen_is_killed_after_its_grace(folder: Path) -> None:
    with Supervisor(Interrupts()) as parts:
        parts.start(family("deaf", folder, deaf=True, grace_seconds=0.2))
        pids = noted(folder)

    assert eventually(partial(all_gone, pids))


def test_a_program_that_ends_by_itself_is_reported_with_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('the port is taken')"]
    program = Program("broken", command, logs=tmp_path, probe=lambda: False)

    with Supervisor(Interrupts()) as parts, pytest.raises(Unavailable, match=r"broken ended(.|\n)*the port is taken"):
        parts.start(program)
    assert not program.is_ready()


def test_a_program_that_never_answers_is_given_up(tmp_path: Path) -> None:
    program = Program("mute", ["sleep", "60"], logs=tmp_path, probe=lambda: False)

    with Supervisor(Interrupts()) as parts, pytest.raises(Unavailable, match="mute is not ready"):
        parts.start(program, timeout_seconds=0.1)


def test_a_program_is_ready_when_its_page_answers(tmp_path: Path) -> None:
    port = free_port()
    command = python_module("http.server", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path))

    with Supervisor(Interrupts()) as parts:
        parts.start(Program("web", command, logs=tmp_path / "logs", probe=answers_http(port, "/")))
        assert not answers_http(port, "/missing")()


def interrupt_ourselves(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)
    time.sleep(0.01)


def test_a_signal_is_held_back_while_shielded_and_then_raised() -> None:
    reached: list[bool] = []

    def shielded(interrupts: Interrupts) -> None:
        with interrupts.shield():
            interrupt_ourselves(signal.SIGTERM)
            reached.append(True)

    with Interrupts() as interrupts, pytest.raises(KeyboardInterrupt):
        shielded(interrupts)

    assert reached


def test_a_signal_during_the_shutdown_is_dropped() -> None:
    with Interrupts() as interrupts:
        with interrupts.shield(forget=True):
            interrupt_ourselves(signal.SIGINT)
        with interrupts.shield():
            pass


def test_a_signal_outside_a_shield_is_raised_at_once() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # these tests may run under nohup, which ignores it
    try:
        with Interrupts(), pytest.raises(KeyboardInterrupt):
            interrupt_ourselves(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_an_interruption_that_somebody_lost_is_raised_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrupts_module, "AGAIN_SECONDS", 0.02)

    def lose_one() -> None:
        with contextlib.suppress(KeyboardInterrupt):
            interrupt_ourselves(signal.SIGINT)
        time.sleep(60)

    with Interrupts(), pytest.raises(KeyboardInterrupt):
        lose_one()


def test_once_the_shutdown_has_begun_nothing_is_raised_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrupts_module, "AGAIN_SECONDS", 0.02)
    before = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[1]

    with Interrupts() as interrupts:
        with contextlib.suppress(KeyboardInterrupt):
            interrupt_ourselves(signal.SIGINT)
        with interrupts.shield(forget=True):
            time.sleep(0.1)
        time.sleep(0.1)

    assert (signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[1]) == before


def test_a_hang_up_that_is_to_be_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interrupts():
            interrupt_ourselves(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_ctrl_c_at_any_moment_leaves_nothing_behind(tmp_path: Path) -> None:
    script = f"""
import sys, time
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from infra.local.interrupts import Interrupts
from infra.local.processes import Supervisor
from tests.infra.local.test_processes import family
folder = Path(sys.argv[1])
try:
    with Interrupts() as interrupts, Supervisor(interrupts) as parts:
        print("begun", flush=True)
        for name in "abc":
            (folder / name).mkdir()
            parts.start(family(name, folder / name))
        time.sleep(60)
except KeyboardInterrupt:
    sys.exit(130)
"""
    choose = random.Random(7)
    for run in range(4):
        folder = tmp_path / str(run)
        folder.mkdir()
        with subprocess.Popen([sys.executable, "-c", script, str(folder)], cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(choose.uniform(0, 0.5))
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 130
        pids = [int(path.name) for path in folder.rglob("*") if path.name.isdigit()]
        assert eventually(partial(all_gone, pids))
