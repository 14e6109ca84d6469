"""A batch of callbacks is folded at once; what nobody can read fails alone."""

from typing import Any

import pytest

from functions import entry as entry_module
from functions import fold_status
from shared.calls import AttemptState
from shared.calls.provider_event import callback_body
from shared.kernel.ids import AttemptId
from tests.functions.desk import Desk, queue_event
from tests.shared.calls.world import make_event, make_lead

SID = "CA" + "1".zfill(32)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Two calls that ring."""
    desk = Desk()
    desk.world.add(make_lead(), make_lead("bob", phone="+15125550102"))
    desk.world.ring()
    desk.world.calls.begin_dialing(AttemptId("a2"), worker="w1", slot_epoch="e1", now=desk.clock.now())
    monkeypatch.setattr(entry_module, "services", lambda: desk.services)
    return desk


def folded(*bodies: Any) -> list[str]:
    """The messages that are given back."""
    answer = fold_status.lambda_handler(queue_event(*bodies), None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_callbacks_that_came_whole_and_errands_are_folded_together(desk: Desk) -> None:
    whole = [make_event("a1", "ringing", 1, SID), make_event("a1", "busy", 2, SID)]
    desk.world.calls.receive(make_event("a2", "ringing", 1, "CA2"))

    assert folded(*map(callback_body, whole), {"attempt_id": "a2"}, {"attempt_id": "a2"}) == []

    assert (desk.world.attempt().state, desk.world.attempt("a2").state) == (AttemptState.ENDED, AttemptState.RINGING)
    assert desk.world.messages("close") == [{"attempt_id": "a1"}]


def test_the_same_batch_again_changes_nothing(desk: Desk) -> None:
    batch = [callback_body(make_event("a1", "busy", 2, SID))]
    folded(*batch)
    known = desk.world.attempt()

    assert folded(*batch, *batch) == []
    assert desk.world.attempt() == known
    assert desk.world.messages("close") == [{"attempt_id": "a1"}]


@pytest.mark.parametrize(
    "poison",
    ["not json", [], {}, {"attempt_id": 7}, {"attempt_id": "a1", "payload": {}}, {"attempt_id": "a1", "more": 1}],
)
def test_a_poisoned_message_fails_alone(desk: Desk, poison: Any) -> None:
    assert folded(callback_body(make_event("a1", "ringing", 1, SID)), poison, {"attempt_id": "a2"}) == ["m2"]
    assert desk.world.attempt().state is AttemptState.RINGING


def test_callbacks_about_nobody_are_forgotten(desk: Desk) -> None:
    assert folded(callback_body(make_event("nobody", "ringing", 1, SID)), {"attempt_id": "nobody either"}) == []


def test_a_machines_verdict_that_came_whole_reaches_the_worker_once(desk: Desk) -> None:
    verdict = callback_body(make_event("a1", "", 1, SID)) | {
        "kind": "amd",
        "dedupe_key": "amd:1",
        "payload": {"CallSid": SID, "AnsweredBy": "machine_start"},
    }

    assert folded(verdict, verdict) == []
    assert folded(verdict) == []
    assert desk.control.told == [("a1", "amd:machine_start")]
