"""What the carrier sends: signed, ordered, with every field, tried as often as it should be."""

import asyncio

import pytest
from starlette.responses import Response
from twilio.request_validator import RequestValidator

from infra.simulator.carrier.delivery import Delivery
from infra.simulator.carrier.interpreter import APOLOGY
from infra.simulator.line import NoPickUp, PickUp
from tests.infra.simulator.carrier.our_side import Received
from tests.infra.simulator.carrier.phones import Phone, leave
from tests.infra.simulator.carrier.stage import ACCOUNT_SID, OURS, PERSON, TOKEN, Stage, until


async def test_every_webhook_bears_a_signature_the_official_validator_accepts(stage: Stage) -> None:
    sid = await stage.place(Phone(), "<Gather numDigits='1' timeout='0' action='/next?a=b c'/>")
    await stage.completed(sid)
    validator = RequestValidator(TOKEN)

    assert len(stage.our_side.received) >= 5
    for request in stage.our_side.received:
        signature = request.headers["x-twilio-signature"]
        assert validator.validate(request.url, request.fields, signature)
        assert not validator.validate(request.url + "x", request.fields, signature)


async def test_a_get_request_is_signed_with_its_query(stage: Stage) -> None:
    sid = await stage.place(Phone(talk=leave), "<Hangup/>", Method="GET", StatusCallbackMethod="GET")
    await stage.completed(sid)

    for request in stage.our_side.received:
        assert request.method == "GET"
        assert RequestValidator(TOKEN).validate(request.url, {}, request.headers["x-twilio-signature"])


async def test_the_four_events_come_in_order_with_their_fields(stage: Stage) -> None:
    sid = await stage.place(Phone(), "<Say>hello</Say>")
    await stage.completed(sid)

    statuses = stage.our_side.events("/status", "CallStatus")
    assert statuses == ["initiated", "ringing", "in-progress", "completed"]
    assert stage.our_side.events("/status", "SequenceNumber") == ["0", "1", "2", "3"]
    last = stage.our_side.at("/status")[-1].fields
    assert last["Timestamp"].startswith("Mon, 02 Mar 2026 15:00:0")
    assert last | {"Timestamp": "", "CallSid": ""} == {
        "CallSid": "",
        "AccountSid": ACCOUNT_SID,
        "From": OURS,
        "Caller": OURS,
        "To": PERSON,
        "Called": PERSON,
        "CallStatus": "completed",
        "ApiVersion": "2010-04-01",
        "Direction": "outbound-api",
        "CallbackSource": "call-progress-events",
        "SequenceNumber": "3",
        "Timestamp": "",
        "CallDuration": "1",
        "Duration": "1",
        "SipResponseCode": "200",
    } | {
        f"{role}{part}": "US" if part == "Country" else ""
        for role in ("From", "To", "Caller", "Called")
        for part in ("City", "State", "Zip", "Country")
    }


async def test_only_completed_is_told_unless_more_was_asked_for(stage: Stage) -> None:
    sid = await stage.place(Phone(talk=leave), "<Hangup/>", StatusCallbackEvent=None)
    await stage.completed(sid)

    assert stage.our_side.events("/status", "CallStatus") == ["completed"]


@pytest.mark.parametrize(
    ("decision", "status", "sip"),
    [
        (NoPickUp(result="busy", after_seconds=0.01), "busy", "486"),
        (NoPickUp(result="failed", after_seconds=0.01, sip_code=603), "failed", "603"),
        (NoPickUp(result="no-answer"), "no-answer", "480"),
        (PickUp(after_seconds=60), "no-answer", "480"),
    ],
)
async def test_a_call_nobody_takes_ends_with_its_reason(
    stage: Stage, decision: PickUp | NoPickUp, status: str, sip: str
) -> None:
    sid = await stage.place(Phone(decision), "<Hangup/>", Timeout="1")
    call = await stage.completed(sid)

    assert (call["status"], call["duration"], call["price"]) == (status, None, None)
    last = stage.our_side.at("/status")[-1].fields
    assert (last["CallStatus"], last["SipResponseCode"], last["CallDuration"]) == (status, sip, "0")
    assert stage.our_side.at("/answer") == []


async def test_a_number_nobody_has_fails_with_404(stage: Stage) -> None:
    response = await stage.create(To="+15125550177")
    await stage.completed(response.json()["sid"])

    last = stage.our_side.at("/status")[-1].fields
    assert (last["CallStatus"], last["SipResponseCode"]) == ("failed", "404")
    assert 13224 in stage.codes()


async def test_a_failed_document_is_replaced_by_the_fallback_which_learns_why(stage: Stage) -> None:
    stage.our_side.answers["/fallback"] = "<Response><Say>sorry</Say></Response>"
    phone = Phone()
    sid = await stage.place(phone, "<Say>oops", FallbackUrl=f"{stage.our_side.base}/fallback")
    await stage.completed(sid)

    request = stage.our_side.at("/fallback")[0]
    assert request.fields["ErrorCode"] == "12100"
    assert request.fields["ErrorUrl"] == f"{stage.our_side.base}/answer"
    assert phone.heard_sound == b"\x10" * 160
    assert stage.codes() == [12100]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Response(status_code=500), 11200),
        (Response("<Response/>", media_type="audio/mpeg"), 12300),
        (Response("<Answer/>", media_type="text/xml"), 12100),
        (Response("", media_type="text/xml"), 12100),
    ],
)
async def test_without_a_fallback_the_person_hears_an_apology(stage: Stage, answer: Response, code: int) -> None:
    phone = stage.phones[PERSON] = Phone()
    stage.our_side.answers["/answer"] = answer
    sid = (await stage.create()).json()["sid"]
    call = await stage.completed(sid)

    assert call["status"] == "completed"
    assert len(phone.heard_sound) == 160 * len(APOLOGY.split())
    assert stage.codes() == [code]


async def test_an_unreachable_address_is_tried_twice_and_noted(stage: Stage) -> None:
    stage.phones[PERSON] = Phone()
    sid = (await stage.create(Url="http://127.0.0.1:1/answer", StatusCallback=None)).json()["sid"]
    await stage.completed(sid)

    webhook = stage.notes("webhook")[0]
    assert (webhook["tries"], webhook["error"]) == (2, 11205)


async def test_delivery_rules_in_the_fragment_decide_what_is_tried_again(stage: Stage) -> None:
    tries: list[Received] = []

    async def flaky(request: Received) -> Response:
        tries.append(request)
        return Response(status_code=503 if len(tries) < 3 else 204)

    stage.our_side.answers["/flaky"] = flaky
    address = f"{stage.our_side.base}/flaky#rc=3&rp=5xx"
    sid = await stage.place(Phone(talk=leave), "<Hangup/>", StatusCallback=address, StatusCallbackEvent="completed")
    await until(lambda: len(tries) == 3)

    assert len({request.headers["i-twilio-idempotency-token"] for request in tries}) == 1
    validator = RequestValidator(TOKEN)
    for request in tries:
        assert validator.validate(request.url, request.fields, request.headers["x-twilio-signature"])
    assert sid


async def test_a_slow_address_is_given_up_after_its_total_time(stage: Stage) -> None:
    async def slow(_: Received) -> Response:
        await asyncio.sleep(1)
        return Response("<Response/>", media_type="text/xml")

    stage.our_side.answers["/slow"] = slow
    stage.phones[PERSON] = Phone()
    sid = (await stage.create(Url=f"{stage.our_side.base}/slow#tt=100", StatusCallback=None)).json()["sid"]
    await stage.completed(sid)

    assert 11200 in stage.codes()


async def test_a_moved_post_becomes_a_get_without_its_fields(stage: Stage) -> None:
    stage.our_side.answers["/moved"] = Response(status_code=302, headers={"location": "/new"})
    stage.our_side.answers["/new"] = "<Response><Hangup/></Response>"
    stage.phones[PERSON] = Phone()
    sid = (await stage.create(Url=f"{stage.our_side.base}/moved")).json()["sid"]
    await stage.completed(sid)

    moved = stage.our_side.at("/new")[0]
    assert (moved.method, moved.fields) == ("GET", {})


def test_delivery_rules_out_of_range_keep_their_defaults() -> None:
    assert Delivery.read("https://example.com/x#rc=9&ct=50&tt=5000") == Delivery(total_seconds=5.0)
    assert Delivery.read("https://example.com/x#rp=all").retried == {"ct", "rt", "4xx", "5xx"}
