"""The official library against the simulated carrier, unchanged but for its base address."""

import asyncio
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from referencing import Registry, Resource
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from infra.simulator.line import Line
from tests.infra.simulator.carrier.phones import Phone, leave
from tests.infra.simulator.carrier.stage import ACCOUNT_SID, CIVIL_START, OURS, PERSON, TOKEN, Stage, until

CALLS = "/2010-04-01/Accounts/{AccountSid}/Calls.json"
RECORDINGS = "/2010-04-01/Accounts/{AccountSid}/Recordings.json"
NUMBERS = "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers.json"
ACCOUNT = "/2010-04-01/Accounts/{Sid}.json"
INLINE = "<Response><Pause length='20'/></Response>"


@pytest.fixture
def library(stage: Stage) -> Client:
    http = TwilioHttpClient(timeout=5)
    assert http.session is not None
    http.session.trust_env = False
    client = Client(ACCOUNT_SID, TOKEN, http_client=http)
    client.api.base_url = stage.carrier.base_url
    return client


async def test_the_library_creates_reads_lists_and_hangs_up(stage: Stage, library: Client) -> None:
    stage.phones[PERSON] = Phone()

    call = await asyncio.to_thread(library.calls.create, to=PERSON, from_=OURS, twiml=INLINE, time_limit=60)
    sid = str(call.sid)
    await until(lambda: stage.carrier.exchange.calls[sid].was_answered)
    fetched = await asyncio.to_thread(library.calls(sid).fetch)
    hung_up = await asyncio.to_thread(library.calls(sid).update, status="completed")

    assert (call.status, call.queue_time, call.direction) == ("queued", "0", "outbound-api")
    assert fetched.status == "in-progress"
    assert fetched.start_time is not None
    assert abs(fetched.start_time - CIVIL_START) < timedelta(minutes=1)
    assert (hung_up.status, hung_up.duration) == ("completed", "1")


async def test_the_library_pages_through_a_list_filtered_by_start(stage: Stage, library: Client) -> None:
    sids = [await stage.place(Phone(talk=leave), "<Hangup/>") for _ in range(5)]
    await until(lambda: all(call.is_over for call in stage.carrier.exchange.calls.values()))

    def found(hours: int) -> list[Any]:
        start = CIVIL_START + timedelta(hours=hours)
        return [call.sid for call in library.calls.list(to=PERSON, start_time_after=start, page_size=2)]

    assert await asyncio.to_thread(found, -1) == sids[::-1]
    assert await asyncio.to_thread(found, 1) == []


async def test_the_library_raises_the_codes_it_knows(stage: Stage, library: Client) -> None:
    def refused(**fields: Any) -> TwilioRestException:
        with pytest.raises(TwilioRestException) as caught:
            library.calls.create(**({"to": PERSON, "from_": OURS, "twiml": INLINE} | fields))
        return caught.value

    assert (await asyncio.to_thread(refused, to="12")).code == 21211
    assert (await asyncio.to_thread(refused, from_="12")).code == 21212
    stage.fault(create_429=1.0)
    limited = await asyncio.to_thread(refused)
    assert (limited.status, limited.code) == (429, 20429)


async def test_the_library_reads_recordings(stage: Stage, library: Client) -> None:
    sid = await stage.place(Phone(talk=speak_once), "<Pause/>", Record="true")
    await stage.completed(sid)

    recordings = await asyncio.to_thread(library.recordings.list, call_sid=sid)

    assert [(recording.status, recording.duration) for recording in recordings] == [("completed", "1")]


async def test_the_answers_match_the_published_description(stage: Stage, description: dict[str, Any]) -> None:
    created = await stage.create()
    sid = await stage.place(Phone(talk=speak_once), "<Pause/>", Record="true", MachineDetection="Enable")
    await stage.completed(sid)
    root = f"{stage.carrier.base_url}/2010-04-01/Accounts/{ACCOUNT_SID}"

    matches(description, CALLS, "post", "201", created.json())
    matches(description, CALLS.replace(".json", "/{Sid}.json"), "get", "200", await stage.call(sid))
    for path, address in (
        (CALLS, "/Calls.json?PageSize=1"),
        (RECORDINGS, "/Recordings.json"),
        (NUMBERS, "/IncomingPhoneNumbers.json"),
    ):
        matches(description, path, "get", "200", (await stage.client.get(address)).json())
    matches(description, ACCOUNT, "get", "200", (await stage.client.get(f"{root}.json")).json())


async def test_every_published_field_of_a_call_is_there(stage: Stage, description: dict[str, Any]) -> None:
    created = await stage.create()

    published = description["components"]["schemas"]["api.v2010.account.call"]["properties"]
    assert set(created.json()) == set(published)


async def speak_once(line: Line) -> None:
    line.speak(b"\x20" * 800)
    while await line.hear() is not None:
        pass


def matches(description: dict[str, Any], path: str, method: str, status: str, body: Any) -> None:
    """Check a body against the schema the vendor publishes for it."""
    response = description["paths"][path][method]["responses"][status]
    schema = response["content"]["application/json"]["schema"]
    registry: Registry[Any] = Registry().with_resource("urn:description", Resource.opaque(strict(description)))
    resolved = json.loads(json.dumps(strict(schema)).replace('"#/components', '"urn:description#/components'))
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator(resolved, registry=registry).validate(body)


def strict(node: Any) -> Any:
    """The description with ``nullable`` said the way the validator understands, and no unknown fields."""
    if isinstance(node, list):
        return [strict(each) for each in node]
    if not isinstance(node, dict):
        return node
    changed = {name: strict(value) for name, value in node.items()}
    if changed.pop("nullable", False):
        changed = {"anyOf": [changed, {"type": "null"}]}
    elif "properties" in changed and changed.get("type") == "object":
        changed["additionalProperties"] = False
    return changed


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    folder = os.environ.get("REAUTO_REFERENCE")
    if not folder:
        pytest.skip("REAUTO_REFERENCE does not name the folder with the vendors' API descriptions")
    path = next(iter(sorted(Path(folder).rglob("twilio_api_v2010.json"))), None)
    if path is None:
        pytest.skip("the folder in REAUTO_REFERENCE holds no twilio_api_v2010.json")
    values: dict[str, Any] = json.loads(path.read_text())
    return values
