"""Look-ups: line types, numbers that changed hands, and what is asked wrongly."""

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from infra.simulator.carrier.directory import NumberRecord
from tests.infra.simulator.carrier.stage import ACCOUNT_SID, PERSON, TOKEN, Stage

BOTH = "line_type_intelligence,reassigned_number"


@pytest.fixture
def library(stage: Stage) -> Client:
    http = TwilioHttpClient(timeout=5)
    assert http.session is not None
    http.session.trust_env = False
    client = Client(ACCOUNT_SID, TOKEN, http_client=http)
    client.lookups.base_url = stage.carrier.base_url
    return client


async def look_up(library: Client, number: str = PERSON, **asked: str) -> Any:
    return await asyncio.to_thread(lambda: library.lookups.v2.phone_numbers(number).fetch(**asked))


async def test_the_library_learns_the_line_and_that_nobody_new_has_the_number(stage: Stage, library: Client) -> None:
    found = await look_up(library, fields=BOTH, last_verified_date="20260101")

    assert (found.valid, found.phone_number) == (True, PERSON)
    assert found.line_type_intelligence["type"] == "mobile"
    assert found.reassigned_number["is_number_reassigned"] == "no"
    assert len(stage.carrier.exchange.lookups) == 2


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (NumberRecord(reassigned_on=date(2026, 1, 2)), "yes"),
        (NumberRecord(reassigned_on=date(2026, 1, 1)), "no"),
        (NumberRecord(has_history=False), "no_data_available"),
    ],
)
async def test_a_number_that_changed_hands_since_the_day_is_told(
    stage: Stage, library: Client, record: NumberRecord, said: str
) -> None:
    stage.carrier.exchange.directory[PERSON] = record

    found = await look_up(library, fields="reassigned_number", last_verified_date="20260101")

    assert found.reassigned_number["is_number_reassigned"] == said
    assert found.line_type_intelligence is None


@pytest.mark.parametrize(
    ("number", "asked", "status"),
    [
        (PERSON, {"fields": "horoscope"}, 400),
        (PERSON, {"fields": "reassigned_number"}, 400),
        (PERSON, {"fields": "reassigned_number", "last_verified_date": "2026-01-01"}, 400),
        ("nonsense", {}, 404),
    ],
)
async def test_a_wrong_question_is_refused(
    stage: Stage, library: Client, number: str, asked: dict[str, str], status: int
) -> None:
    with pytest.raises(TwilioRestException) as caught:
        await look_up(library, number, **asked)

    assert caught.value.status == status
    assert stage.carrier.exchange.lookups == []


async def test_numbers_are_put_down_from_outside(stage: Stage, library: Client) -> None:
    async with httpx.AsyncClient(base_url=stage.carrier.base_url, trust_env=False) as outside:
        put = await outside.put("/simulator/directory", json={PERSON: {"line_type": "landline"}})
        wrong = await outside.put("/simulator/directory", json={PERSON: {"line_type": "string"}})
        stranger = await outside.get(f"/v2/PhoneNumbers/{PERSON}")

    assert (put.json(), wrong.status_code, stranger.status_code) == ({"numbers": [PERSON]}, 400, 401)
    found = await look_up(library, fields="line_type_intelligence")
    assert found.line_type_intelligence["type"] == "landline"
