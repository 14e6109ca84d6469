"""Every request our adapters make, held against the description that Twilio publishes of its API."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.simulator.carrier import Carrier
from shared.adapters.twilio.lookup import TwilioLookup
from shared.adapters.twilio.telephony import TwilioTelephony
from shared.adapters.twilio.usage import TwilioBooks
from shared.calls.ports import Dial
from shared.costs.carrier_usage import CarrierUsage
from shared.kernel.errors import NotFound, Unavailable
from shared.kernel.ids import AttemptId
from shared.kernel.money import Money
from shared.leads.number_check import LineType, Reassigned
from tests.contracts.test_twilio import attempt
from tests.infra.simulator.carrier.phones import Phone, leave
from tests.infra.simulator.carrier.stage import ACCOUNT_SID, CIVIL_START, OURS, PERSON, TOKEN, TestClock, new_carrier

jsonschema = pytest.importorskip("jsonschema")
DIAL = Dial(
    attempt_id=AttemptId("a1"),
    to=PERSON,
    caller_id=OURS,
    ring_timeout=timedelta(seconds=25),
    time_limit=timedelta(minutes=5),
)
PUBLIC = "http://127.0.0.1:9/live"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def carrier() -> AsyncIterator[Carrier]:
    carrier = new_carrier({PERSON: Phone(talk=leave)}, PUBLIC)
    await carrier.start()
    yield carrier
    await carrier.stop()


@pytest.fixture
def telephony(carrier: Carrier) -> TwilioTelephony:
    return TwilioTelephony(account_sid=ACCOUNT_SID, auth_token=TOKEN, base_url=carrier.base_url, public_base_url=PUBLIC)


@pytest.fixture
def lookup(carrier: Carrier) -> TwilioLookup:
    return TwilioLookup(account_sid=ACCOUNT_SID, auth_token=TOKEN, base_url=carrier.base_url, clock=TestClock())


@pytest.fixture
def books(carrier: Carrier) -> TwilioBooks:
    return TwilioBooks(account_sid=ACCOUNT_SID, auth_token=TOKEN, base_url=carrier.base_url)


def described(file: str) -> dict[str, Any]:
    folder = os.environ.get("REAUTO_REFERENCE")
    if not folder:
        pytest.skip("REAUTO_REFERENCE does not name the folder with the vendors' API descriptions")
    path = next(iter(sorted(Path(folder).rglob(file))), None)
    if path is None:
        pytest.skip(f"the folder in REAUTO_REFERENCE holds no {file}")
    values: dict[str, Any] = json.loads(path.read_text())
    return values


async def test_every_request_to_the_voice_api_is_as_published(
    carrier: Carrier, telephony: TwilioTelephony, books: TwilioBooks
) -> None:
    published = described("twilio_api_v2010.json")
    placed = await asyncio.to_thread(telephony.place, DIAL)
    await asyncio.to_thread(telephony.find, attempt())
    await asyncio.to_thread(telephony.find, attempt(provider_sid=placed.sid))
    await asyncio.to_thread(books.price_of, placed.sid)
    await asyncio.to_thread(books.usage, CIVIL_START.date(), CIVIL_START.date())
    await asyncio.to_thread(telephony.hang_up, placed.sid)

    requests = sent_to(carrier)

    assert len(requests) == 6
    for request in requests:
        conforms(request, published)


async def test_every_request_to_the_lookup_api_is_as_published(carrier: Carrier, lookup: TwilioLookup) -> None:
    published = described("twilio_lookups_v2.json")
    await asyncio.to_thread(lookup.look_up, PERSON, last_verified=date(2026, 1, 1))
    await asyncio.to_thread(lookup.look_up, PERSON, last_verified=None)

    requests = sent_to(carrier)

    assert len(requests) == 2
    for request in requests:
        conforms(request, published)


async def test_a_request_with_an_unpublished_parameter_would_be_caught() -> None:
    published = described("twilio_api_v2010.json")
    path = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Calls.json"
    request = {"method": "POST", "path": path, "query": [], "form": [("To", PERSON), ("From", OURS), ("Tone", "kind")]}

    with pytest.raises(jsonschema.ValidationError):
        conforms(request, published)


async def test_what_look_ups_say_reads_in_our_words(carrier: Carrier, lookup: TwilioLookup) -> None:
    numbers = carrier.exchange.directory
    numbers[PERSON] = replace(carrier.exchange.record_of(PERSON), line_type="tollFree", has_history=False)

    check = await asyncio.to_thread(lookup.look_up, PERSON, last_verified=date(2026, 1, 1))

    assert (check.line_type, check.reassigned, check.asked_since) == (
        LineType.TOLL_FREE,
        Reassigned.NO_DATA,
        date(2026, 1, 1),
    )
    alone = await asyncio.to_thread(lookup.look_up, PERSON, last_verified=None)
    assert alone.reassigned is None


async def test_a_look_up_that_fails_is_our_error(carrier: Carrier, lookup: TwilioLookup) -> None:
    await carrier.stop()

    with pytest.raises(Unavailable):
        await asyncio.to_thread(lookup.look_up, PERSON, last_verified=None)


async def test_a_call_that_the_carrier_does_not_have_has_no_price(books: TwilioBooks) -> None:
    with pytest.raises(NotFound):
        await asyncio.to_thread(books.price_of, "CA" + "0" * 32)


async def test_the_carriers_books_read_in_our_words(
    carrier: Carrier, telephony: TwilioTelephony, books: TwilioBooks
) -> None:
    placed = await asyncio.to_thread(telephony.place, DIAL)
    call = carrier.exchange.calls[placed.sid]
    while not call.is_over:  # noqa: ASYNC110 - what is waited for has no event that a test could await twice
        await asyncio.sleep(0.01)

    price = await asyncio.to_thread(books.price_of, placed.sid)
    used = await asyncio.to_thread(books.usage, CIVIL_START.date(), CIVIL_START.date())

    by_category = {record.category: record for record in used}
    assert price == Money(14_000)
    assert by_category["calls-outbound"].price == price
    assert isinstance(by_category["calls-outbound"], CarrierUsage)
    assert by_category["answering-machine-detection"].count == 1


def sent_to(carrier: Carrier) -> list[Mapping[str, Any]]:
    """What the carrier was asked, oldest first."""
    return [entry.values for entry in carrier.exchange.journal.entries(kind="request")]


def conforms(request: Mapping[str, Any], published: Mapping[str, Any]) -> None:
    """Check path, method, query and form of a request.

    Raises:
        ValidationError: A parameter is unknown, missing, or of another type than published.
    """
    template, path = find_path(request["path"], published["paths"])
    operation = path[request["method"].lower()]
    parameters = [*path.get("parameters", ()), *operation.get("parameters", ())]
    in_query = {each["name"]: each["schema"] for each in parameters if each["in"] == "query"}
    words = {"components": published["components"]}
    check(request["query"], {"properties": in_query, **words}, f"{template} query")
    body = operation.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
    check(request["form"], {**body, **words}, f"{template} form")


def find_path(path: str, paths: Mapping[str, Any]) -> tuple[str, Any]:
    """The published path that fits, the most literal first."""
    for template in sorted(paths, key=lambda each: each.count("{")):
        if re.fullmatch(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template)), path):
            return template, paths[template]
    raise jsonschema.ValidationError(f"{path} is no published path")


def check(pairs: Iterable[tuple[str, str]], schema: Mapping[str, Any], where: str) -> None:
    """Read the texts of a form as the schema's types, and hold them against it."""
    properties = schema.get("properties", {})
    values: dict[str, Any] = {}
    for name, text in pairs:
        kind = properties.get(name, {})
        if kind.get("type") == "array":
            values.setdefault(name, []).append(text)
        else:
            values[name] = READ.get(kind.get("type"), str)(text)
    whole = {**schema, "additionalProperties": False}
    try:
        jsonschema.Draft202012Validator(whole).validate(values)
    except jsonschema.ValidationError as error:
        error.message = f"{where}: {error.message}"
        raise


READ: Mapping[Any, Callable[[str], Any]] = {
    "integer": int,
    "number": float,
    "boolean": lambda text: {"true": True, "false": False}[text.lower()],
}
