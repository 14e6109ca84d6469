"""Watching a run until it is over, over a real feed."""

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console

from infra.cli.demo.books import Standing
from infra.cli.demo.progress import watch
from infra.local.environment import Environment
from infra.local.machine import Machine
from shared.calls import AttemptState
from shared.kernel.clock import CivilClock
from shared.kernel.errors import Unavailable
from shared.leads import LeadStatus
from tests.infra.cli.demo.results import NOW, make_attempt, make_lead, make_persona

pytestmark = pytest.mark.real_servers


class Script:
    """Books that tell of one lead who is rung, and after a few looks rests; also the parts, which run meanwhile."""

    def __init__(self, *, looks: int) -> None:
        persona = make_persona("Ada Byron", "busy", number=101)
        ringing = make_lead(persona, LeadStatus.IN_CALL)
        done = make_lead(persona, LeadStatus.READY, disposition="busy")
        call = make_attempt(ringing, state=AttemptState.RINGING, ended_at=None)
        self._standings = [Standing(lead=ringing, attempts=(call,))] * looks
        self._last = Standing(lead=done, attempts=(make_attempt(done),))

    def standings(self) -> Sequence[Standing]:
        return [self._standings.pop() if self._standings else self._last]

    def is_finished(self, standings: Sequence[Standing], now: datetime) -> bool:
        return all(one.rests(now) for one in standings)

    def check(self) -> None:
        pass


@pytest.fixture
def machine(redis_url: str, tmp_path: Path) -> Machine:
    environment = Environment(
        home=tmp_path, port=1, database_url="", node_database_url="", redis_url=redis_url, personas=None, slots=1,
        civil_time=None,
    )  # fmt: skip
    return Machine(environment=environment, supervisor=Script(looks=0), clock=CivilClock(lambda: NOW))  # type: ignore[arg-type]


def test_every_change_is_told_until_nothing_more_happens(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.cli.demo.progress.LOOK_EVERY_SECONDS", 0)
    console = Console(width=80, file=io.StringIO())

    watch(machine, Script(looks=3), console)  # type: ignore[arg-type]

    told = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert [line.split("  ")[-1].strip() for line in told] == ["ringing", "busy"]


def test_a_run_that_never_ends_is_given_up(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.cli.demo.progress.LONGEST_RUN_SECONDS", -1)

    with pytest.raises(Unavailable, match="did not end within"):
        watch(machine, Script(looks=3), Console(file=io.StringIO()))  # type: ignore[arg-type]
