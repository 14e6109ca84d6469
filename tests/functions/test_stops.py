"""The doors of the stop switches, of the reaper and of the invariants."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions import check_invariants, dispatch_leads, reap_calls, stop_calls
from functions.api.door import handle
from shared.calls.invariants import INVARIANTS, Violation
from shared.metrics import Metric, counting
from shared.storage.invariants import QUERIES
from tests.functions.desk import API_KEY, Desk, http_event
from tests.shared.calls.world import NOON, make_lead

ROUND = {"campaign_id": "campaign-1"}
HEADERS = {"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/json"}


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.world.add(make_lead())
    return desk


def ask(desk: Desk, method: str, *, query: str = "", **body: Any) -> tuple[int, Any]:
    event = http_event(method, "/v1/stops", headers=HEADERS, query=query, body=json.dumps(body) if body else None)
    answer = handle(event, desk.services)
    return answer["statusCode"], json.loads(answer["body"])


def test_a_stop_is_thrown_seen_and_lifted(desk: Desk) -> None:
    status, thrown = ask(desk, "POST", scope="all", reason="complaint", by="kim")
    assert (status, thrown["scope"], thrown["target"], thrown["by"]) == (201, "all", None, "kim")
    assert ask(desk, "GET") == (200, [thrown])

    assert dispatch_leads.handle(ROUND, desk.services)["planned"] == 0
    assert stop_calls.handle(desk.world.messages("stop")[0], desk.services) == {
        "scope": "all",
        "hung_up": 0,
        "to_come": 0,
    }
    assert ask(desk, "DELETE", query="scope=all") == (200, {"lifted": True})
    assert dispatch_leads.handle(ROUND, desk.services)["planned"] == 1
    assert ask(desk, "DELETE", query="scope=all") == (200, {"lifted": False})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"scope": "seller", "target": "nobody", "reason": "x"}, 404),
        ({"scope": "campaign", "target": "nowhere", "reason": "x"}, 404),
        ({"scope": "campaign", "reason": "x"}, 400),
        ({"scope": "all", "target": "campaign-1", "reason": "x"}, 400),
        ({"scope": "galaxy", "reason": "x"}, 400),
        ({"scope": "all"}, 400),
    ],
)
def test_a_stop_that_reaches_nobody_is_refused(desk: Desk, body: dict[str, str], status: int) -> None:
    assert ask(desk, "POST", **body)[0] == status
    assert ask(desk, "GET") == (200, [])


def test_no_campaign_is_dispatched_while_the_account_is_left_alone(desk: Desk) -> None:
    desk.services.breaker.failed("AC1", at_once=True)

    done = dispatch_leads.handle(ROUND, desk.services)
    assert (done["planned"], done["stopped_by"]) == (0, "the carrier refuses our calls for now")


def test_the_reaper_tells_what_it_found(desk: Desk) -> None:
    desk.world.dispatch()
    desk.world.store.messages.clear()
    desk.clock.moment = NOON + timedelta(minutes=6)

    assert reap_calls.handle({}, desk.services) == {
        "asked": 1,
        "closed": 0,
        "settled": 0,
        "freed": 0,
        "unreported": (),
    }


def test_every_broken_invariant_is_counted(desk: Desk) -> None:
    class Broken:
        def violations(self, now: datetime, *, look_back: timedelta | None = None) -> list[Violation]:
            assert (now, look_back) == (NOON, timedelta(days=1))
            return [Violation(invariant="I1", ids=("a", "b"))]

    services = replace(desk.services, invariants=Broken())
    with counting() as tally:
        assert check_invariants.handle({}, services) == {"broken": {"I1": 2}}
    assert tally.sums() == {(Metric.BROKEN_INVARIANTS, (("invariant", "I1"),)): 2}


def test_every_invariant_has_a_meaning_and_a_query() -> None:
    assert set(QUERIES) == set(INVARIANTS)
