"""The doors for people who call us: the signature first, then the call, its callbacks, its tasks."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from inline_snapshot import snapshot
from starlette.testclient import TestClient

from functions import answer_inbound, close_call, fold_status, receive_inbound_status, settle_costs
from functions.api.app import build_app
from shared.calls import AttemptState, CallAttempt
from shared.calls.inbox import Receipt
from shared.calls.provider_event import ProviderEvent, callback_body
from shared.conversation import CallReport
from shared.kernel.errors import Unavailable
from shared.leads import LeadStatus
from tests.functions.desk import API_KEY, OLD_TOKEN, Desk, carrier_event
from tests.shared.calls.world import NIGHT, NOON, SELLER, make_lead

OURS, THEIRS = "+15125550000", "+15125550101"
KEY = {"Authorization": f"Bearer {API_KEY}"}
DESK = {
    "hours": [{"weekday": day, "opens": "09:00", "closes": "17:00"} for day in range(5)],
    "timezone": "America/Chicago",
    "transfer_to": "512 555 0177",
}


@pytest.fixture
def desk() -> Desk:
    """One lead who was called before, and calls back."""
    desk = Desk()
    desk.world.add(make_lead())
    return desk


def rings_in(desk: Desk) -> dict[str, Any]:
    told = {"CallSid": "CA7", "From": THEIRS, "To": OURS, "Direction": "inbound", "CallStatus": "ringing"}
    return answer_inbound.handle(carrier_event("/v1/twilio/inbound", **told), desk.services)


def tells(desk: Desk, status: str, *, sid: str = "CA7", **fields: str) -> dict[str, Any]:
    event = carrier_event("/v1/twilio/inbound-status", CallSid=sid, CallStatus=status, **fields)
    return receive_inbound_status.handle(event, desk.receiving)


def attempt_of(desk: Desk, sid: str = "CA7") -> CallAttempt:
    found = desk.services.inbound.by_sid(sid)
    assert found is not None
    return found


def client(desk: Desk) -> TestClient:
    return TestClient(build_app(desk.services), headers=KEY)


def test_only_the_carrier_rings_in(desk: Desk) -> None:
    event = carrier_event("/v1/twilio/inbound", token="somebody-elses", CallSid="CA7", From=THEIRS, To=OURS)

    assert answer_inbound.handle(event, desk.services)["statusCode"] == 403
    event = carrier_event("/v1/twilio/inbound-status", token="somebody-elses", CallSid="CA7", CallStatus="completed")
    assert receive_inbound_status.handle(event, desk.receiving)["statusCode"] == 403
    assert not desk.world.store.attempts


def test_a_changed_body_is_refused(desk: Desk) -> None:
    event = carrier_event("/v1/twilio/inbound", CallSid="CA7", From=THEIRS, To=OURS)
    event["body"] = event["body"].replace("0101", "0102")

    assert answer_inbound.handle(event, desk.services)["statusCode"] == 403


def test_both_tokens_are_good_while_one_replaces_the_other(desk: Desk) -> None:
    event = carrier_event("/v1/twilio/inbound", token=OLD_TOKEN, CallSid="CA7", From=THEIRS, To=OURS)

    assert answer_inbound.handle(event, desk.services)["statusCode"] == 200


def test_a_caller_is_streamed_to_a_worker(desk: Desk) -> None:
    document = rings_in(desk)["body"]

    attempt = attempt_of(desk)
    token = document.partition('name="token" value="')[2].partition('"')[0]
    plain = document.replace(token, "TOKEN").replace(attempt.id, "ATTEMPT")
    assert plain == snapshot(
        '<?xml version="1.0" encoding="UTF-8"?><Response><Connect><Stream statusCallback="https://calls.example.com/'
        'live/v1/twilio/stream/ATTEMPT" statusCallbackMethod="POST" url="ws://127.0.0.1:9/w/w1/ATTEMPT">'
        '<Parameter name="token" value="TOKEN" /><Parameter name="recovered" value="0" /></Stream></Connect>'
        '<Redirect method="POST">https://calls.example.com/live/v1/twilio/recover/ATTEMPT</Redirect></Response>'
    )


def test_outside_the_hours_a_sentence_is_said_and_a_task_waits(desk: Desk) -> None:
    api = client(desk)
    assert api.put(f"/v1/sellers/{SELLER.id}/desk", json=DESK).json()["open_now"] is True
    desk.clock.moment = NIGHT

    document = rings_in(desk)["body"]

    assert document == snapshot(
        '<?xml version="1.0" encoding="UTF-8"?><Response><Say>Thanks for calling Hill Country Homes LLC. Our office is '
        "closed right now. We have noted your number and will call you back. Goodbye.</Say><Hangup /></Response>"
    )
    [task] = api.get("/v1/tasks").json()
    assert (task["lead_id"], task["reason"], task["phone"]) == ("ada", "outside_hours", THEIRS)
    assert desk.world.lead().promised_at == NIGHT + timedelta(hours=10)
    assert api.get("/v1/tasks", params={"seller_id": "other"}).json() == []

    done = api.post(f"/v1/tasks/{task['id']}/done", params={"by": "grace"}).json()
    assert done["done_by"] == "grace"
    assert api.get("/v1/tasks").json() == []
    assert api.post("/v1/tasks/nobody/done").status_code == 404


def test_a_missed_call_is_closed_settled_and_called_back(desk: Desk) -> None:
    client(desk).put(f"/v1/sellers/{SELLER.id}/desk", json=DESK)
    desk.clock.moment = NIGHT
    rings_in(desk)
    tells(desk, "completed", CallDuration="9", SequenceNumber="0")
    work_off(desk)

    attempt = attempt_of(desk)
    assert attempt.state is AttemptState.ENDED
    assert desk.services.calls.disposition(attempt.id) == "missed"
    lead = desk.world.lead()
    assert (lead.status, lead.next_attempt_at) == (LeadStatus.READY, NIGHT + timedelta(hours=10))
    lines = desk.services.costs.lines(attempt.id)
    assert {(line.component, line.vendor) for line in lines} >= {("carrier_voice", "twilio_inbound")}


def test_a_conversation_with_a_caller_is_closed_and_settled_as_any_other(desk: Desk) -> None:
    rings_in(desk)
    attempt = attempt_of(desk)
    desk.services.reports.add(
        CallReport(
            attempt_id=attempt.id,
            worker="w1",
            epoch="e1",
            started_at=NOON,
            ended_at=NOON + timedelta(seconds=40),
            ended_by="agent",
            end_reason="goodbye",
            heard="human",
            has_agent=True,
        )
    )
    tells(desk, "completed", CallDuration="40", SequenceNumber="0")
    work_off(desk)

    assert desk.services.calls.disposition(attempt.id) == "has_agent"
    assert desk.world.lead().status is LeadStatus.NOT_QUALIFIED
    assert desk.world.lead().attempts == 0
    assert desk.services.costs.lines(attempt.id)
    assert desk.services.costs.ledger_imbalance().micro_usd == 0


def test_a_callback_is_kept_once_and_one_of_no_call_is_not_found(desk: Desk) -> None:
    rings_in(desk)
    for _ in range(2):
        assert tells(desk, "completed", SequenceNumber="0")["statusCode"] == 204
    assert tells(desk, "completed", sid="CA8")["statusCode"] == 404

    assert len(desk.services.calls.events(attempt_of(desk).id)) == 1
    assert len(desk.world.messages("status")) == 1


def test_a_callback_that_came_by_the_queue_finds_its_call_when_it_is_folded(desk: Desk) -> None:
    class Queue:
        """An inbox that cannot tell whose call it is."""

        def receive(self, callback: ProviderEvent) -> Receipt:
            bodies.append(callback_body(callback))
            return Receipt.NEW

    bodies: list[dict[str, Any]] = []
    door = replace(desk.receiving, inbox=Queue(), control=None)
    rings_in(desk)
    for sid in ("CA7", "CA8"):
        told = {"CallSid": sid, "CallStatus": "completed", "CallDuration": "9", "SequenceNumber": "0"}
        event = carrier_event("/v1/twilio/inbound-status", **told)
        assert receive_inbound_status.handle(event, door)["statusCode"] == 204

    assert fold_status.handle_all(bodies, desk.services) == {"messages": 2, "attempts": 1, "over": 1}
    assert attempt_of(desk).duration_seconds == 9


def test_books_that_are_away_are_apologised_for(desk: Desk) -> None:
    class Away:
        def by_sid(self, sid: str) -> None:
            raise Unavailable("the database is away")

    object.__setattr__(desk.services, "inbound", Away())

    answer = rings_in(desk)

    assert answer["statusCode"] == 200
    assert "We are sorry" in answer["body"]


def test_a_desk_is_shown_and_changed(desk: Desk) -> None:
    api = client(desk)
    assert api.get(f"/v1/sellers/{SELLER.id}/desk").json() == {
        "seller_id": SELLER.id,
        "hours": [],
        "timezone": "UTC",
        "transfer_to": None,
        "open_now": True,
    }

    assert api.put(f"/v1/sellers/{SELLER.id}/desk", json=DESK).json()["transfer_to"] == "+15125550177"
    assert api.get(f"/v1/sellers/{SELLER.id}/desk").json()["timezone"] == "America/Chicago"
    for wrong in ({"timezone": "Mars/Base"}, {"transfer_to": "nobody"}, {"hours": [{"weekday": 9}]}):
        assert api.put(f"/v1/sellers/{SELLER.id}/desk", json=DESK | wrong).status_code == 400
    assert api.put("/v1/sellers/nobody/desk", json=DESK).status_code == 404


def work_off(desk: Desk) -> None:
    """What follows from a callback, until nothing is left."""
    for topic, door in (("status", fold_status), ("close", close_call), ("settle", settle_costs)):
        for body in desk.world.messages(topic):
            door.handle(body, desk.services)
