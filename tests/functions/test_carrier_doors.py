"""The doors that the carrier opens: the signature first, then the call."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from types import ModuleType

import pytest
from inline_snapshot import snapshot

from functions import answer_call, fold_status, receive_status, recover_call
from shared.adapters.memory import MemoryCapacity
from shared.calls import AttemptState
from shared.calls.answer import Gate
from shared.calls.gate import BrokenCall, Passage, Seat
from shared.calls.ports import Lease
from shared.conversation import CallReport
from shared.kernel.errors import Malformed, Unavailable
from shared.kernel.ids import AttemptId
from shared.leads import Suppression, SuppressionReason
from tests.functions.desk import OLD_TOKEN, Desk, carrier_event, http_event
from tests.shared.calls.world import NOON, make_lead

SID = "CA" + "1".zfill(32)
HANG_UP = '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup /></Response>'


@pytest.fixture
def desk() -> Desk:
    """One call that rings."""
    desk = Desk()
    desk.world.add(make_lead())
    desk.world.dispatch()
    desk.world.ring()
    return desk


def answer(desk: Desk, **fields: str) -> str:
    event = carrier_event("/v1/twilio/answer/a1", **{"CallSid": SID, **fields})
    response = answer_call.handle(event, desk.answering)
    assert response["statusCode"] == 200
    assert response["headers"]["Content-Type"].startswith("text/xml")
    return str(response["body"])


def lines(document: str) -> list[str]:
    return re.split(r"(?<=>)(?=<)| (?=[a-zA-Z]+=)", document)


def test_an_answered_call_is_streamed_to_its_worker(desk: Desk) -> None:
    document = answer(desk)

    token = document.partition('name="token" value="')[2].partition('"')[0]
    assert lines(document.replace(token, "TOKEN")) == snapshot(
        [
            "<?xml",
            'version="1.0"',
            'encoding="UTF-8"?>',
            "<Response>",
            "<Connect>",
            "<Stream",
            'statusCallback="https://calls.example.com/live/v1/twilio/stream/a1"',
            'statusCallbackMethod="POST"',
            'url="ws://127.0.0.1:9/w/w1/a1">',
            "<Parameter",
            'name="token"',
            'value="TOKEN" />',
            "<Parameter",
            'name="recovered"',
            'value="0" />',
            "</Stream>",
            "</Connect>",
            "<Redirect",
            'method="POST">https://calls.example.com/live/v1/twilio/recover/a1</Redirect>',
            "</Response>",
        ]
    )


def test_a_person_who_opted_out_meanwhile_hears_nothing(desk: Desk) -> None:
    desk.world.suppressions.add(Suppression(phone="+15125550101", reason=SuppressionReason.OPT_OUT, at=NOON))

    assert answer(desk) == HANG_UP


def test_a_second_ring_of_an_attempt_never_becomes_a_second_conversation(desk: Desk) -> None:
    answer(desk)

    assert answer(desk, CallSid="CA" + "2" * 32) == HANG_UP


def test_a_call_of_nobody_is_hung_up_on(desk: Desk) -> None:
    event = carrier_event("/v1/twilio/answer/nobody", CallSid=SID)

    assert answer_call.handle(event, desk.answering)["body"] == HANG_UP


def test_without_a_worker_the_person_is_told_so(desk: Desk) -> None:
    desk.world.store.attempts["a1"] = replace(desk.world.attempt(), worker=None)

    assert lines(answer(desk)) == snapshot(
        [
            "<?xml",
            'version="1.0"',
            'encoding="UTF-8"?>',
            "<Response>",
            "<Say>We are sorry, we cannot connect this call right now. We will not keep you. Goodbye.</Say>",
            "<Hangup />",
            "</Response>",
        ]
    )


@pytest.mark.parametrize("door", ["answer", "recover", "status"])
@pytest.mark.parametrize("kind", ["unsigned", "forged", "moved", "changed"])
def test_nobody_but_the_carrier_comes_in(desk: Desk, door: str, kind: str) -> None:
    event = carrier_event("/v1/twilio/status/a1", CallSid=SID, CallStatus="completed")
    if kind == "unsigned":
        event = http_event("POST", "/v1/twilio/status/a1", body=event["body"])
    elif kind == "forged":
        event = carrier_event("/v1/twilio/status/a1", token="guessed", CallSid=SID, CallStatus="completed")
    elif kind == "moved":
        event["path"] = "/v1/twilio/status/a2"
    else:
        event["body"] += "1"

    opened = {
        "answer": lambda: answer_call.handle(event, desk.answering),
        "recover": lambda: recover_call.handle(event, desk.answering),
        "status": lambda: receive_status.handle(event, desk.receiving),
    }
    assert opened[door]()["statusCode"] == 403
    assert desk.world.calls.events(AttemptId("a1")) == []


def test_while_tokens_are_rotated_both_are_good(desk: Desk) -> None:
    event = carrier_event("/v1/twilio/status/a1", token=OLD_TOKEN, CallSid=SID, CallStatus="ringing")

    assert receive_status.handle(event, desk.receiving)["statusCode"] == 204


def test_a_callback_is_kept_once_however_often_it_comes(desk: Desk) -> None:
    event = carrier_event("/v1/twilio/status/a1", CallSid=SID, CallStatus="ringing", SequenceNumber="1")

    for _ in range(3):
        assert receive_status.handle(event, desk.receiving)["statusCode"] == 204

    assert len(desk.world.calls.events(AttemptId("a1"))) == 1
    [message] = desk.world.messages("status")
    assert fold_status.handle(message, desk.services) == {"messages": 1, "attempts": 1, "over": 0}
    assert desk.world.attempt().state is AttemptState.RINGING


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("stream", {"StreamSid": "MZ1", "StreamEvent": "stream-started"}),
        ("recording", {"RecordingSid": "RE1", "RecordingStatus": "completed"}),
        ("amd", {"AnsweredBy": "human"}),
    ],
)
def test_every_kind_of_callback_is_kept(desk: Desk, kind: str, fields: dict[str, str]) -> None:
    event = carrier_event(f"/v1/twilio/{kind}/a1", CallSid=SID, **fields)

    assert receive_status.handle(event, desk.receiving)["statusCode"] == 204
    assert [event.kind for event in desk.world.calls.events(AttemptId("a1"))] == [kind]


def test_what_machine_detection_says_is_passed_on_to_the_worker_once(desk: Desk) -> None:
    event = carrier_event("/v1/twilio/amd/a1", CallSid=SID, AnsweredBy="machine_start")

    receive_status.handle(event, desk.receiving)
    receive_status.handle(event, desk.receiving)

    assert desk.control.told == [("a1", "amd:machine_start")]
    fold_status.handle({"attempt_id": "a1"}, desk.services)
    assert desk.world.attempt().answered_by == "machine_start"


def test_a_callback_about_nobody_is_not_found(desk: Desk) -> None:
    event = carrier_event("/v1/twilio/status/nobody", CallSid=SID, CallStatus="busy")

    assert receive_status.handle(event, desk.receiving)["statusCode"] == 404


def test_a_body_beyond_all_measure_is_not_read(desk: Desk) -> None:
    with pytest.raises(Malformed):
        receive_status.handle(carrier_event("/v1/twilio/status/a1", CallSid="x" * 100_000), desk.receiving)


def test_a_broken_stream_is_connected_again(desk: Desk) -> None:
    answer(desk)

    response = recover_call.handle(carrier_event("/v1/twilio/recover/a1", CallSid=SID), desk.answering)

    assert 'name="recovered" value="1"' in response["body"]
    assert desk.world.attempt().state is AttemptState.RECOVERING


def test_after_a_goodbye_the_redirect_hangs_up(desk: Desk) -> None:
    answer(desk)
    report = CallReport(
        attempt_id=AttemptId("a1"),
        worker="w1",
        epoch="e1",
        started_at=NOON,
        ended_at=NOON + timedelta(seconds=40),
        ended_by="agent",
        end_reason="said goodbye",
        heard="human",
    )
    desk.reports.add(report)

    response = recover_call.handle(carrier_event("/v1/twilio/recover/a1", CallSid=SID), desk.answering)

    assert response["body"] == HANG_UP


class NoRedis(MemoryCapacity):
    """Room for calls, out of reach."""

    def lease_of(self, worker: str) -> Lease | None:
        raise Unavailable("away")

    def acquire(
        self, attempt_id: AttemptId, *, hold_for: timedelta, leave_free: int = 0, worker: str | None = None
    ) -> Lease | None:
        raise Unavailable("away")


def test_an_answer_needs_no_redis_and_a_recovery_without_it_apologises(desk: Desk) -> None:
    desk.services = replace(desk.services, capacity=NoRedis())

    assert "<Connect>" in answer(desk)
    response = recover_call.handle(carrier_event("/v1/twilio/recover/a1", CallSid=SID), desk.answering)
    assert (response["statusCode"], response["body"].count("<Say>We are sorry")) == (200, 1)
    assert desk.world.lead().promised_at is not None


class NoBooks:
    """A gate whose books are out of reach."""

    def answer(self, attempt_id: AttemptId, sid: str, *, now: datetime) -> Passage:
        raise Unavailable("away")

    def broken(self, attempt_id: AttemptId, sid: str) -> BrokenCall:
        raise Unavailable("away")

    def reconnect(self, attempt_id: AttemptId, seat: Seat, *, recoveries: int) -> bool:
        raise Unavailable("away")

    def lose(self, attempt_id: AttemptId, *, call_back_at: datetime) -> bool:
        raise Unavailable("away")


@pytest.mark.parametrize(("door", "path"), [(answer_call, "answer"), (recover_call, "recover")])
def test_the_carrier_gets_its_document_while_the_database_is_away(desk: Desk, door: ModuleType, path: str) -> None:
    gate = Gate(book=NoBooks(), token_secret="a-call-token-secret")
    doors = replace(desk.answering, gate=gate, recovery=replace(desk.answering.recovery, gate=gate))

    response = door.handle(carrier_event(f"/v1/twilio/{path}/a1", CallSid=SID), doors)

    assert (response["statusCode"], response["body"].count("<Say>We are sorry")) == (200, 1)


def test_a_form_of_too_many_fields_is_not_read(desk: Desk) -> None:
    event = http_event("POST", "/v1/twilio/status/a1", body="&".join(f"f{n}=1" for n in range(500)))

    with pytest.raises(Malformed):
        receive_status.handle(event, desk.receiving)
