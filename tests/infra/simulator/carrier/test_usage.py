"""The carrier's bill: usage by day and category, the price of a call, and how many calls it takes at once."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from infra.simulator.line import NoPickUp
from tests.infra.simulator.carrier.phones import Phone, leave, listen
from tests.infra.simulator.carrier.stage import ACCOUNT_SID, CIVIL_START, OURS, PERSON, TOKEN, Stage, until

TODAY = CIVIL_START.date()
WAIT = "<Pause length='20'/>"


@pytest.fixture
def library(stage: Stage) -> Client:
    http = TwilioHttpClient(timeout=5)
    assert http.session is not None
    http.session.trust_env = False
    client = Client(ACCOUNT_SID, TOKEN, http_client=http)
    client.api.base_url = stage.carrier.base_url
    return client


async def prices(library: Client, **asked: Any) -> dict[str, tuple[str, float]]:
    records = await asyncio.to_thread(lambda: library.usage.records.daily.list(**asked))
    return {record.category: (record.usage, float(record.price)) for record in records}


async def test_a_day_s_calls_streams_and_detections_are_billed_by_category(stage: Stage, library: Client) -> None:
    stream = f"<Connect><Stream url='{stage.our_side.media}/w'/></Connect>"
    stage.our_side.talk = lambda socket: socket.connection.close()
    sid = await stage.place(Phone(talk=listen), stream, MachineDetection="Enable", AsyncAmd="true")
    await stage.completed(sid)
    busy = await stage.place(Phone(NoPickUp(result="busy", after_seconds=0.0)), WAIT)
    await until(lambda: stage.carrier.exchange.calls[busy].is_over)

    billed = await prices(library, start_date=TODAY, end_date=TODAY)

    assert billed["calls-outbound"] == ("1", 0.014)
    assert billed["calls"] == ("1", 0.014)
    assert billed["calls-media-stream-minutes"] == ("1", 0.0044)
    assert billed["answering-machine-detection"] == ("1", 0.0075)
    assert billed["totalprice"][1] == pytest.approx(0.0259)
    assert await prices(library, start_date=TODAY + timedelta(days=1)) == {}
    assert set(await prices(library, category="calls-outbound")) == {"calls-outbound"}


async def test_calls_that_come_in_have_their_own_price(stage: Stage, library: Client) -> None:
    stage.our_side.answers["/inbound"] = "<Response><Hangup/></Response>"
    call = stage.carrier.ring_in(from_number=PERSON, to_number=OURS, telephone=Phone(talk=listen))
    await until(lambda: call.is_over)

    billed = await prices(library)

    assert "calls-outbound" not in billed
    assert billed["calls-inbound"][1] == (0.0085 if call.was_answered else 0)


async def test_the_price_of_a_call_comes_some_time_after_its_end(stage: Stage, library: Client) -> None:
    stage.carrier.exchange.account = replace(stage.carrier.exchange.account, priced_after_seconds=0.4)
    sid = await stage.place(Phone(talk=leave), "<Pause/>")
    ended = await stage.completed(sid)

    assert ended["price"] is None
    await asyncio.sleep(0.5)
    assert (await stage.call(sid))["price"] == "-0.01400"


async def test_an_account_takes_no_more_calls_at_once_than_it_may(stage: Stage) -> None:
    stage.carrier.exchange.account = replace(stage.carrier.exchange.account, concurrent_calls=1)
    first = await stage.place(Phone(talk=listen), WAIT)

    refused = await stage.create()

    assert (refused.status_code, refused.json()["code"]) == (429, 10004)
    await stage.client.post(f"/Calls/{first}.json", data={"Status": "completed"})
    await stage.completed(first)
    assert (await stage.create()).status_code == 201
