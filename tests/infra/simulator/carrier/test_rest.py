"""The REST interface: what it takes, what it refuses, what it shows."""

import pytest

from infra.simulator.carrier import Account, IncomingNumber
from infra.simulator.carrier.orders import Form, read_order
from infra.simulator.carrier.refusals import ApiRefusal
from infra.simulator.line import PickUp
from tests.infra.simulator.carrier.phones import Phone, leave
from tests.infra.simulator.carrier.stage import ACCOUNT_SID, OURS, PERSON, Stage, as_client, new_carrier, until


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": "+1512"}, 21211),
        ({"To": "512-555-0199"}, 21211),
        ({"To": None}, 21201),
        ({"From": "+1512"}, 21212),
        ({"From": None}, 21213),
        ({"From": "+15125550111"}, 21210),
        ({"To": "+442071838750"}, 21215),
        ({"Url": None}, 21205),
        ({"Url": "ftp://example.com/"}, 21205),
        ({"Url": "https://bad_host/"}, 21205),
        ({"Url": None, "Twiml": "x" * 4001}, 20001),
        ({"ApplicationSid": "AP" + "0" * 32}, 21218),
        ({"Method": "PUT"}, 21209),
        ({"Timeout": "601"}, 21208),
        ({"Timeout": "soon"}, 21208),
        ({"StatusCallback": "nowhere"}, 21609),
        ({"StatusCallbackEvent": "exploded"}, 21626),
        ({"SendDigits": "12x"}, 21206),
        ({"MachineDetection": "Sometimes"}, 20001),
        ({"MachineDetectionSpeechThreshold": "10"}, 20001),
        ({"TimeLimit": "0"}, 20001),
        ({"Record": "perhaps"}, 20001),
    ],
)
def test_a_bad_parameter_is_refused_with_its_code(fields: dict[str, str | None], code: int) -> None:
    account = Account(sid=ACCOUNT_SID, auth_token="secret", numbers=(IncomingNumber(number=OURS),))
    given = {"To": PERSON, "From": OURS, "Url": "https://example.com/answer"} | fields
    form = Form((name, value) for name, value in given.items() if value is not None)

    with pytest.raises(ApiRefusal) as refused:
        read_order(form, account)

    assert (refused.value.status, refused.value.code) == (400, code)


async def test_a_refusal_has_the_published_form_and_places_no_call(stage: Stage) -> None:
    response = await stage.create(To="+1512")

    assert response.status_code == 400
    assert response.json() == {
        "code": 21211,
        "message": "The phone number you are attempting to call, +1512, is not valid.",
        "more_info": "https://www.twilio.com/docs/errors/21211",
        "status": 400,
    }
    assert not stage.carrier.exchange.calls


async def test_wrong_credentials_are_refused(stage: Stage) -> None:
    response = await stage.client.get("/Calls.json", auth=(ACCOUNT_SID, "guess"))

    assert (response.status_code, response.json()["code"]) == (401, 20003)


async def test_another_account_an_unknown_call_and_an_unknown_path_are_not_found(stage: Stage) -> None:
    other = f"{stage.carrier.base_url}/2010-04-01/Accounts/AC{'f' * 32}/Calls.json"
    for address in (other, f"/Calls/CA{'0' * 32}.json", "/Nothing.json"):
        response = await stage.client.get(address)
        assert (response.status_code, response.json()["code"]) == (404, 20404)


async def test_calls_are_listed_newest_first_in_pages_that_stay_put(stage: Stage) -> None:
    sids = [await stage.place(Phone(talk=leave), "<Hangup/>") for _ in range(5)]

    page = (await stage.client.get("/Calls.json", params={"PageSize": "2", "To": PERSON})).json()
    seen = [call["sid"] for call in page["calls"]]
    await stage.place(Phone(talk=leave), "<Hangup/>")
    while page["next_page_uri"]:
        page = (await stage.client.get(stage.carrier.base_url + page["next_page_uri"])).json()
        seen += [call["sid"] for call in page["calls"]]

    assert seen == sids[::-1]


async def test_a_list_is_filtered_by_number_status_and_start(stage: Stage) -> None:
    first = await stage.place(Phone(talk=leave), "<Hangup/>")
    await stage.completed(first)
    second = await stage.place(Phone(), "<Pause length='9'/>")
    await until(lambda: stage.carrier.exchange.calls[second].was_answered)

    async def listed(**query: str) -> list[str]:
        response = await stage.client.get("/Calls.json", params=query)
        return [call["sid"] for call in response.json()["calls"]]

    assert await listed(Status="in-progress") == [second]
    assert await listed(From=OURS, Status="completed") == [first]
    assert await listed(To="+15125550177") == []
    assert await listed(**{"StartTime>": "2026-03-02"}) == [second, first]
    assert await listed(**{"StartTime<": "2026-03-01"}) == []
    assert await listed(**{"StartTime>": "2026-03-02T14:59:55Z"}) == [second, first]
    assert await listed(**{"StartTime>": "2026-03-02T16:00:00Z"}) == []
    assert await listed(StartTime="2026-03-02", EndTime="2026-03-02") == [first]
    assert (await stage.client.get("/Calls.json", params={"StartTime": "soon"})).json()["code"] == 20001


async def test_times_are_civil_and_a_call_is_billed_by_the_minute(stage: Stage) -> None:
    call = await stage.completed(await stage.place(Phone(), "<Say>one two</Say>"))

    assert call["start_time"].startswith("Mon, 02 Mar 2026 15:00:0")
    assert call["end_time"].endswith("+0000")
    assert (call["duration"], call["price"]) == ("1", "-0.01400")


async def test_more_calls_than_allowed_in_a_second_are_queued() -> None:
    phones = {PERSON: Phone(talk=leave)}
    carrier = new_carrier(phones, "http://127.0.0.1:1", account={"calls_per_second": 10.0})
    await carrier.start()
    async with as_client(carrier) as client:
        waits = []
        for _ in range(3):
            form = {"To": PERSON, "From": OURS, "Twiml": "<Response><Hangup/></Response>"}
            waits.append(int((await client.post("/Calls.json", data=form)).json()["queue_time"]))
        await until(lambda: len(phones[PERSON].rings) == 3)

    await carrier.stop()
    assert waits[0] == 0 < waits[1] <= 100 < waits[2] <= 200


async def test_a_queued_or_ringing_call_can_be_cancelled_and_a_live_one_cannot(stage: Stage) -> None:
    ringing = await stage.place(Phone(PickUp(after_seconds=30)), "<Hangup/>")
    await until(lambda: stage.carrier.exchange.calls[ringing].status == "ringing")
    refused = await stage.client.post(f"/Calls/{ringing}.json", data={"Url": f"{stage.our_side.base}/x"})
    cancelled = await stage.client.post(f"/Calls/{ringing}.json", data={"Status": "canceled"})
    live = await stage.place(Phone(), "<Pause length='9'/>")
    await until(lambda: stage.carrier.exchange.calls[live].was_answered)

    assert (refused.status_code, refused.json()["code"]) == (400, 21220)
    assert cancelled.json()["status"] == "canceled"
    too_late = await stage.client.post(f"/Calls/{live}.json", data={"Status": "canceled"})
    assert (too_late.status_code, too_late.json()["code"]) == (400, 21220)
    assert (await stage.client.post(f"/Calls/{live}.json", data={"Status": "completed"})).json()[
        "status"
    ] == "completed"
    over = await stage.client.post(f"/Calls/{live}.json", data={"Status": "completed"})
    assert over.json()["code"] == 21220


async def test_the_account_and_its_numbers_can_be_read_and_a_number_given_a_voice_url(stage: Stage) -> None:
    root = stage.carrier.base_url
    account = (await stage.client.get(f"{root}/2010-04-01/Accounts/{ACCOUNT_SID}.json")).json()
    numbers = (await stage.client.get("/IncomingPhoneNumbers.json")).json()["incoming_phone_numbers"]
    changed = await stage.client.post(
        f"/IncomingPhoneNumbers/{numbers[0]['sid']}.json", data={"VoiceUrl": "https://example.com/new"}
    )

    assert account["status"] == "active"
    assert [number["phone_number"] for number in numbers] == [OURS]
    assert changed.json()["voice_url"] == "https://example.com/new"
