"""A call is analysed when it is closed and again from the command line; what was found is shown with the call."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from rich.console import Console

from functions import close_call
from infra.cli.analysing import analysed_anew
from infra.cli.analysis_screen import draw_analyses
from infra.cli.api import Api
from shared.adapters.memory.analyses import MemoryAnalysisRepository
from shared.adapters.memory.outbox import MemoryOutbox
from shared.calls import AttemptState
from shared.kernel.errors import NotFound
from tests.infra.cli.office import Office
from tests.shared.calls.world import NOON, make_lead
from tests.shared.conversation.after.calls import TALK, order_of, turns_of
from tests.voice_node.doubles import StillClock
from voice_node.analyses import Analyses
from voice_node.errands import Errands


@pytest.fixture
def office() -> Office:
    office = Office()
    office.desk.world.add(make_lead())
    office.desk.world.ring()
    return office


def reported(office: Office, **changes: Any) -> None:
    """The node has told of the call."""
    office.desk.reports.add(order_of(attempt_id="a1", appointment=None, **changes).report)


def node_works(office: Office) -> None:
    """The voice node does what waits for it."""
    store = office.desk.world.store
    analyses = Analyses(kept=MemoryAnalysisRepository(store), clock=StillClock())
    asyncio.run(Errands(outbox=MemoryOutbox(store), takes={"analyse": analyses}, clock=StillClock()).work_once())


def orders(office: Office) -> int:
    return len(office.desk.world.messages("analyse"))


def test_what_was_found_out_is_shown_with_the_call(office: Office) -> None:
    reported(office)
    assert office.json("call", "show", "a1")["analysis"] is None

    office.api().post("/v1/attempts/a1/analysis")
    node_works(office)

    shown = office.json("call", "show", "a1")["analysis"]
    assert (shown["by"], shown["sentiment"]["label"]) == ("rules", "positive")
    said = office.run("call", "show", "a1")
    assert "plans this within three months" in " ".join(said.split())
    assert "nothing says who calls" in said, "it was another company's call"
    assert "answered within" in said


def test_faults_are_told_one_by_one(office: Office) -> None:
    talk = tuple((who, text.replace("Say stop or press 9", "Well")) for who, text in TALK)
    reported(office, turns=turns_of((*talk, ("agent", "Your home is worth half a million."))))
    office.api().post("/v1/attempts/a1/analysis")
    node_works(office)
    console = Console(width=100, record=True)

    found = office.json("call", "show", "a1")["analysis"]
    draw_analyses(console, [{"attempt": "a1", "analysis": found}, {"attempt": "a2", "analysis": None}])

    said = " ".join(console.export_text().split())
    assert "nothing says how to stop it" in said
    assert "Your home is worth half a million. (forbidden claim)" in said
    assert "still on its way" in said


def test_analysing_anew_waits_for_the_newest(office: Office) -> None:
    reported(office)
    looks: list[float] = []

    def pause(seconds: float) -> None:
        looks.append(seconds)
        node_works(office)

    [found] = analysed_anew(["a1"], office.api(), patience_seconds=5, elapsed=lambda: len(looks), pause=pause)

    assert found["attempt"] == "a1"
    assert found["analysis"]["summary"].startswith("Ada answered")


def test_a_node_that_is_away_is_not_waited_for_for_ever(office: Office) -> None:
    reported(office)
    api: Api = office.api()

    found = analysed_anew(["a1"], api, patience_seconds=0, pause=lambda _: None)

    assert found == [{"attempt": "a1", "analysis": None}]


def test_a_call_in_which_nobody_spoke_cannot_be_analysed(office: Office) -> None:
    with pytest.raises(NotFound, match="nobody spoke"):
        office.api().post("/v1/attempts/a1/analysis")


def test_a_call_is_analysed_once_it_is_closed(office: Office) -> None:
    reported(office)
    close_call.handle({"attempt_id": "a1"}, office.desk.services)
    assert orders(office) == 0, "it goes on"

    world = office.desk.world
    world.calls.move(replace(world.attempt(), state=AttemptState.ENDED, ended_at=NOON + timedelta(minutes=2)))
    close_call.handle({"attempt_id": "a1"}, office.desk.services)

    assert orders(office) == 1
