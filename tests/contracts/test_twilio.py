"""Our adapter, with the vendor's own library, against a carrier that speaks the vendor's protocol."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from starlette.responses import Response

from infra.simulator.carrier import Carrier, Faults
from infra.simulator.line import NoPickUp, PickUp
from shared.adapters.twilio.signatures import Form, is_signed
from shared.adapters.twilio.telephony import TwilioTelephony
from shared.adapters.twilio.twiml import connect
from shared.calls import AttemptState, CallAttempt
from shared.calls.answer import Connect
from shared.calls.fold import fold
from shared.calls.ports import AccountRefused, BadNumber, CarrierRefused, Dial, ProviderEvent
from shared.calls.provider_event import dedupe_key
from shared.kernel.errors import Conflict, ReautoError, Unavailable
from shared.kernel.ids import AttemptId, CampaignId, LeadId, SellerId
from tests.infra.simulator.carrier.our_side import OurSide, Received
from tests.infra.simulator.carrier.phones import Phone, listen
from tests.infra.simulator.carrier.stage import ACCOUNT_SID, CIVIL_START, OURS, PERSON, TOKEN, new_carrier, until

SAY = "<Response><Say>Good day to you</Say></Response>"
WAIT = "<Response><Pause length='30'/></Response>"


@dataclass(kw_only=True)
class Line:
    """The carrier, our side and our adapter."""

    carrier: Carrier
    ours: OurSide
    telephony: TwilioTelephony
    phones: dict[str, Phone]

    async def place(self, **changes: Any) -> str:
        dial = Dial(
            attempt_id=AttemptId("a1"),
            to=PERSON,
            caller_id=OURS,
            ring_timeout=timedelta(seconds=25),
            time_limit=timedelta(minutes=5),
        )
        placed = await asyncio.to_thread(self.telephony.place, replace(dial, **changes))
        return placed.sid

    async def is_over(self, sid: str) -> None:
        await until(lambda: self.carrier.exchange.calls[sid].is_over)
        await until(lambda: any(r.fields.get("CallDuration") for r in self.ours.at("/v1/twilio/status/a1")))

    def events(self) -> list[ProviderEvent]:
        """Everything the carrier told of the attempt."""
        kinds = ("status", "amd", "stream")
        return [
            ProviderEvent(
                attempt_id=AttemptId("a1"),
                kind=kind,
                dedupe_key=dedupe_key(kind, request.fields),
                at=CIVIL_START,
                payload=dict(request.fields),
            )
            for kind in kinds
            for request in self.ours.at(f"/v1/twilio/{kind}/a1")
        ]


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    ours = OurSide()
    media = await ours.start()
    phones = {PERSON: Phone(talk=listen)}
    carrier = new_carrier(phones, ours.base)
    await carrier.start()
    telephony = TwilioTelephony(
        account_sid=ACCOUNT_SID,
        auth_token=TOKEN,
        base_url=carrier.base_url,
        public_base_url=ours.base,
        read_seconds=0.5,
    )
    ours.answers["/v1/twilio/answer/a1"] = SAY
    yield Line(carrier=carrier, ours=ours, telephony=telephony, phones=phones)
    await asyncio.gather(carrier.stop(), ours.stop(media))


def attempt(**changes: Any) -> CallAttempt:
    dialing = CallAttempt(
        id=AttemptId("a1"),
        seller_id=SellerId("s1"),
        campaign_id=CampaignId("c1"),
        lead_id=LeadId("l1"),
        attempt_no=1,
        phone=PERSON,
        caller_id=OURS,
        state=AttemptState.DIALING,
        planned_at=CIVIL_START,
        dial_deadline=CIVIL_START + timedelta(seconds=90),
        dial_started_at=CIVIL_START,
    )
    return replace(dialing, **changes)


async def test_a_placed_call_is_answered_and_told_of_on_paths_with_the_attempt(line: Line) -> None:
    sid = await line.place()
    await line.is_over(sid)

    assert [request.fields["CallSid"] for request in line.ours.at("/v1/twilio/answer/a1")] == [sid]
    ended = fold(attempt(), line.events())
    assert (ended.state, ended.provider_sid, ended.provider_result) == (AttemptState.ENDED, sid, "completed")
    assert ended.answered_at is not None
    assert ended.duration_seconds is not None


async def test_machine_detection_runs_beside_the_call(line: Line) -> None:
    line.phones[PERSON] = Phone(
        PickUp(after_seconds=0, answered_by="machine_start", decided_after_seconds=0.02), listen
    )
    line.ours.answers["/v1/twilio/answer/a1"] = WAIT
    sid = await line.place()
    await until(lambda: bool(line.ours.at("/v1/twilio/amd/a1")))
    await asyncio.to_thread(line.telephony.hang_up, sid)
    await line.is_over(sid)

    assert fold(attempt(), line.events()).answered_by == "machine_start"


async def test_every_callback_carries_a_signature_that_either_token_may_have_made(line: Line) -> None:
    await line.is_over(await line.place())

    for request in line.ours.received:
        form = Form(request.fields.items())
        signature = request.headers["x-twilio-signature"]

        def signed(*tokens: str, url: str = request.url, form: Form = form, signature: str = signature) -> bool:
            return is_signed(tokens=tokens, url=url, form=form, signature=signature)

        assert signed(TOKEN)
        assert signed("the next token", TOKEN)
        assert not signed("another token")
        assert not signed()
        assert not signed(TOKEN, url=request.url + "x")
        assert not signed(TOKEN, form=Form([*request.fields.items(), ("CallStatus", "forged")]))


async def test_our_twiml_opens_the_stream_with_its_token_and_redirects_when_it_breaks(line: Line) -> None:
    where = Connect(attempt_id=AttemptId("a1"), url=f"{line.ours.media}/w/w1/a1", token="the-token")
    line.ours.answers["/v1/twilio/answer/a1"] = connect(where, public_base_url=line.ours.base)
    line.ours.answers["/v1/twilio/recover/a1"] = SAY
    line.ours.talk = lambda socket: socket.connection.close()
    line.phones[PERSON] = Phone(talk=listen)
    await line.is_over(await line.place())

    [socket] = line.ours.sockets
    assert socket.events("start")[0]["start"]["customParameters"] == {"token": "the-token", "recovered": "0"}
    assert socket.connection.request is not None
    assert socket.connection.request.path == "/w/w1/a1"
    assert len(line.ours.at("/v1/twilio/recover/a1")) == 1
    ended = fold(attempt(), line.events())
    assert (ended.state, ended.streamed_at is not None) == (AttemptState.ENDED, True)


@pytest.mark.parametrize("result", ["busy", "no-answer", "failed"])
async def test_who_does_not_pick_up_is_told_in_the_carriers_words(line: Line, result: Any) -> None:
    line.phones[PERSON] = Phone(NoPickUp(result=result, after_seconds=0.0))
    await line.is_over(await line.place(ring_timeout=timedelta(seconds=1)))

    assert fold(attempt(), line.events()).provider_result == result


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"to": "+1"}, BadNumber),
        ({"to": "nonsense"}, BadNumber),
        ({"caller_id": "+15125550111"}, CarrierRefused),
        ({"to": "+4930123456"}, CarrierRefused),
    ],
)
async def test_a_definite_no_is_told_apart(line: Line, changes: dict[str, str], refusal: type[ReautoError]) -> None:
    with pytest.raises(refusal):
        await line.place(**changes)


async def test_wrong_credentials_are_our_fault_not_the_numbers(line: Line) -> None:
    line.telephony = TwilioTelephony(
        account_sid=ACCOUNT_SID, auth_token="wrong", base_url=line.carrier.base_url, public_base_url=line.ours.base
    )

    with pytest.raises(AccountRefused, match="401"):
        await line.place()


async def test_a_callback_that_we_did_not_take_comes_again(line: Line) -> None:
    async def refuse_twice(_request: Received) -> Response:
        asked = len(line.ours.at("/v1/twilio/status/a1"))
        return Response(status_code=503 if asked <= 2 else 204)

    line.ours.answers["/v1/twilio/status/a1"] = refuse_twice
    await line.is_over(await line.place())

    told = [request.fields["CallStatus"] for request in line.ours.at("/v1/twilio/status/a1")]
    assert told[:3] == ["initiated"] * 3
    assert told[-1] == "completed"


async def test_every_page_of_the_list_is_read(line: Line) -> None:
    paging = TwilioTelephony(
        account_sid=ACCOUNT_SID,
        auth_token=TOKEN,
        base_url=line.carrier.base_url,
        public_base_url=line.ours.base,
        page_size=2,
    )
    for _ in range(5):
        await line.place()
        await until(lambda: all(call.is_over for call in line.carrier.exchange.calls.values()))

    found = await asyncio.to_thread(paging.find, attempt())
    assert {call.sid for call in found} == set(line.carrier.exchange.calls)
    assert len(found) == 5


@pytest.mark.parametrize(
    ("fault", "error", "calls"),
    [
        ("429", Conflict, 0),
        ("5xx_before", Unavailable, 0),
        ("5xx_after", Unavailable, 1),
        ("timeout_before", Unavailable, 0),
        ("timeout_after", Unavailable, 1),
    ],
)
async def test_a_request_that_failed_is_sent_once_and_looked_up_later(
    line: Line, fault: Any, error: type[ReautoError], calls: int
) -> None:
    line.carrier.set_faults(Faults(create_script=(fault,), create_timeout_seconds=0.7))
    line.phones[PERSON] = Phone(talk=listen)
    line.ours.answers["/v1/twilio/answer/a1"] = WAIT

    with pytest.raises(error):
        await line.place()

    await until(lambda: len(line.carrier.exchange.calls) == calls)
    found = await asyncio.to_thread(line.telephony.find, attempt())
    assert [call.sid for call in found] == list(line.carrier.exchange.calls)


async def test_a_carrier_that_nobody_can_reach_has_heard_nothing(line: Line) -> None:
    await line.carrier.stop()

    with pytest.raises(Conflict, match="not sent"):
        await line.place()
    with pytest.raises(Unavailable):
        await asyncio.to_thread(line.telephony.find, attempt())
    with pytest.raises(Unavailable):
        await asyncio.to_thread(line.telephony.hang_up, "CA" + "0" * 32)


async def test_a_call_is_hung_up_and_hanging_up_again_is_fine(line: Line) -> None:
    line.phones[PERSON] = Phone(talk=listen)
    line.ours.answers["/v1/twilio/answer/a1"] = WAIT
    sid = await line.place()
    await until(lambda: line.carrier.exchange.calls[sid].was_answered)

    for _ in range(2):
        await asyncio.to_thread(line.telephony.hang_up, sid)
    await asyncio.to_thread(line.telephony.hang_up, "CA" + "0" * 32)

    assert line.carrier.exchange.calls[sid].is_over


async def test_earlier_calls_to_the_same_phone_are_not_found(line: Line) -> None:
    sid = await line.place()
    await line.is_over(sid)
    later = attempt(dial_started_at=CIVIL_START + timedelta(minutes=5))

    assert await asyncio.to_thread(line.telephony.find, later) == []
    [found] = await asyncio.to_thread(line.telephony.find, attempt(provider_sid=sid))
    assert (found.sid, found.status, found.ended_at is not None) == (sid, "completed", True)
    assert await asyncio.to_thread(line.telephony.find, attempt(provider_sid="CA" + "0" * 32)) == []
