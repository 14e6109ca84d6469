"""The synthetic call goes the road of every other call, and says when it did not arrive."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.canary_call import handle
from functions.cloud import Canary
from shared.calls.canary import DIALLED_WITHIN, ON_THE_LINE_WITHIN
from shared.kernel.errors import Malformed
from shared.metrics import Metric, counting
from tests.functions.desk import Desk
from tests.shared.calls.world import NOON, make_lead

EVERY = timedelta(hours=4)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.world.add(make_lead())
    return desk


def canary_of(desk: Desk) -> Canary:
    return Canary(services=desk.services, campaign_id=desk.world.lead().campaign_id, every=EVERY)


def look(desk: Desk, *, after: timedelta = timedelta(0)) -> tuple[dict[str, Any], int]:
    """What a look answers, and how many failures it counted."""
    desk.clock.moment = NOON + after
    with counting() as tally:
        answer = handle({}, canary_of(desk))
    return answer, sum(value for (metric, _), value in tally.sums().items() if metric is Metric.CANARY_FAILURES)


def rest(desk: Desk) -> None:
    """The lead has no call ahead of it."""
    desk.services.leads.save(replace(desk.world.lead(), next_attempt_at=None))


def test_without_a_campaign_there_is_no_synthetic_call(desk: Desk) -> None:
    answer = handle({}, Canary(services=desk.services, campaign_id=None, every=EVERY))

    assert answer == {"canary": "not configured"}


def test_it_is_planned_as_promised_and_dispatched_at_once(desk: Desk) -> None:
    rest(desk)

    assert look(desk) == ({"canary": "well", "planned": True}, 0)
    assert desk.world.lead().next_attempt_at == desk.world.lead().promised_at == NOON
    assert desk.world.messages("dispatch")[-1] == {"campaign_id": desk.world.lead().campaign_id}


def test_a_campaign_of_several_people_is_no_place_for_it(desk: Desk) -> None:
    desk.world.add(make_lead("bob", phone="+12125550177"))

    with pytest.raises(Malformed, match="has 2 leads"):
        look(desk)


def test_a_call_that_nobody_dials_is_a_failure(desk: Desk) -> None:
    rest(desk)
    look(desk)

    assert look(desk, after=DIALLED_WITHIN) == ({"canary": "well", "planned": False}, 0)
    assert look(desk, after=DIALLED_WITHIN + MINUTE) == ({"canary": "not dialled", "planned": False}, 1)


def test_a_call_that_permission_put_off_is_none(desk: Desk) -> None:
    desk.services.leads.save(desk.world.lead().postponed_to(NOON + timedelta(hours=9)))

    assert look(desk, after=timedelta(hours=8)) == ({"canary": "well", "planned": False}, 0)


@pytest.mark.parametrize(
    ("answered", "streamed", "told"),
    [(False, False, "not answered"), (True, False, "no media stream"), (True, True, "well")],
)
def test_a_call_that_rings_is_to_be_answered_and_to_stream(
    desk: Desk, answered: bool, streamed: bool, told: str
) -> None:
    rung = desk.world.ring()
    desk.world.store.attempts[rung.id] = replace(
        rung, answered_at=NOON if answered else None, streamed_at=NOON if streamed else None
    )

    early, none = look(desk, after=MINUTE)
    late, failures = look(desk, after=ON_THE_LINE_WITHIN + MINUTE)

    assert (early["canary"], none) == ("well", 0)
    assert (late["canary"], failures) == (told, 0 if told == "well" else 1)
    assert not late["planned"]
