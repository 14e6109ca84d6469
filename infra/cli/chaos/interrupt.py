"""Ctrl-C at random moments of the demo: what it started is gone, and the next start works."""

import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.cli.chaos.traces import processes_of
from infra.cli.rows import Row
from infra.local.child import free_port
from infra.local.home import ELSEWHERE
from infra.local.processes import answers_http
from shared.kernel.errors import Unavailable
from shared.settings import child_environment

EARLIEST_SECONDS, LATEST_SECONDS = 0.1, 20.0
LEAVES_WITHIN_SECONDS = 30.0
STARTS_WITHIN_SECONDS = 120.0
INTERRUPTED = 130


@dataclass(frozen=True, kw_only=True)
class Interruption:
    """One Ctrl-C: when it came, how the demo left, and what was left behind."""

    after_seconds: float
    leaving_seconds: float
    status: int
    output: str
    left_behind: Sequence[str]

    @property
    def faults(self) -> tuple[str, ...]:
        """What went wrong, in words.

        Before its first line of ours an interpreter dies of the signal by itself, which is as good an end.
        """
        is_ours, last = self.status != -signal.SIGINT or "infra" in self.output, self.output.rpartition("\n")[2]
        return (
            *([f"left with status {self.status}: {last}"] if is_ours and self.status != INTERRUPTED else []),
            *(["printed a traceback"] if is_ours and "Traceback" in self.output else []),
            *(f"left behind: {command}" for command in self.left_behind),
        )


def interrupt_suite(seed: int, times: int) -> Sequence[Row]:
    """Interrupt the demo ``times`` times on one home, starting it to the end of its start after each."""
    rows: list[Row] = []
    with a_home() as home:
        for number, moment in enumerate(moments(seed, times), start=1):
            one = interrupt_after(moment, home=home)
            rows.append(
                Row(
                    name=f"{number}: leaves after Ctrl-C at {moment:.1f} s" + "".join(f"; {it}" for it in one.faults),
                    value=round(one.leaving_seconds, 2),
                    unit="s",
                    bar=LEAVES_WITHIN_SECONDS,
                    holds=not one.faults,
                )
            )
            next_start = seconds_to_start(home=home)
            rows.append(
                Row(
                    name=f"{number}: the next start answers",
                    value=round(next_start, 2),
                    unit="s",
                    bar=STARTS_WITHIN_SECONDS,
                    holds=not processes_of(home),
                )
            )
    return rows


def moments(seed: int, times: int) -> list[float]:
    """Seconds after the start, the same ones for the same seed."""
    chance = random.Random(seed)
    return [round(chance.uniform(EARLIEST_SECONDS, LATEST_SECONDS), 2) for _ in range(times)]


@contextmanager
def a_home() -> Iterator[Path]:
    """A folder of its own for the demo, where every user of the machine may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="reauto-chaos-", dir=ELSEWHERE))
    folder.chmod(0o711)
    try:
        yield folder / "home"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def interrupt_after(seconds: float, *, home: Path) -> Interruption:
    """Start the demo and press Ctrl-C ``seconds`` later.

    Raises:
        Unavailable: The demo ended by itself before, or does not leave.
    """
    with _demo(home, port=0) as demo:
        try:
            demo.wait(seconds)
        except subprocess.TimeoutExpired:
            return _interrupted(demo, after=seconds, home=home)
        raise Unavailable(f"the demo ended by itself within {seconds} s: {_output(home)}")


def seconds_to_start(*, home: Path) -> float:
    """Start the demo, wait until its API answers, and stop it again.

    Raises:
        Unavailable: The API does not answer in time.
    """
    port, begun = free_port(), time.monotonic()
    is_up = answers_http(port, "/v1/health")
    with _demo(home, port=port) as demo:
        while not is_up():
            if demo.poll() is not None or time.monotonic() > begun + STARTS_WITHIN_SECONDS:
                raise Unavailable(f"the next start does not answer: {_output(home)}")
            time.sleep(0.1)
        taken = time.monotonic() - begun
        _interrupted(demo, after=taken, home=home)
    return taken


def _interrupted(demo: subprocess.Popen[bytes], *, after: float, home: Path) -> Interruption:
    begun = time.monotonic()
    demo.send_signal(signal.SIGINT)
    try:
        status = demo.wait(LEAVES_WITHIN_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"the demo does not leave within {LEAVES_WITHIN_SECONDS:.0f} s") from error
    return Interruption(
        after_seconds=after,
        leaving_seconds=time.monotonic() - begun,
        status=status,
        output=_output(home),
        left_behind=tuple(processes_of(home).values()),
    )


@contextmanager
def _demo(home: Path, *, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The demo on servers of its own, in a session of its own; killed if it is still there at the end."""
    command = [sys.executable, "-m", "infra.cli", "demo", "--out", str(home.parent / "out"), "--port", str(port)]
    told = {"REAUTO_HOME": str(home), "DATABASE_URL": "", "REDIS_URL": ""}
    with (home.parent / "output").open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=home.parent,
            env=child_environment(told),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def _output(home: Path) -> str:
    return (home.parent / "output").read_text(errors="replace").strip()
