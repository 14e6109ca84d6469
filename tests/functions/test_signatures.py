"""Every route that the carrier opens refuses whatever the carrier did not sign, exactly as it came."""

import base64
import random
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from infra.local.template import read_template
from shared.kernel.errors import Malformed
from tests.architecture.source import ROOT
from tests.functions.desk import OLD_TOKEN, PUBLIC, TOKEN, Desk, http_event
from tests.shared.calls.world import make_lead

PREFIX = "/v1/twilio/"
SID = "CA" + "1".zfill(32)
FORM = {
    "CallSid": SID,
    "AccountSid": "AC1",
    "From": "+15125550101",
    "To": "+15125550000",
    "Direction": "inbound",
    "CallStatus": "ringing",
    "SequenceNumber": "1",
    "AnsweredBy": "human",
    "StreamSid": "MZ1",
    "StreamEvent": "stream-started",
    "RecordingSid": "RE1",
    "RecordingStatus": "completed",
    "Blank": "",
}
SIGNATURE, SETTINGS = "X-Twilio-Signature", "X-Twilio-Webhooks-Signature-Settings"
MUTATIONS = 1_000
LIGHT_DOORS = {
    "functions.answer_call": "answering",
    "functions.recover_call": "answering",
    "functions.receive_status": "receiving",
    "functions.receive_inbound_status": "receiving",
}


def carrier_routes() -> dict[str, str]:
    """Each route of the template that the carrier opens, with the module behind it."""
    functions = read_template(ROOT / "template.yaml").functions.values()
    return {
        event.path: function.handler.rpartition(".")[0]
        for function in functions
        for event in function.http
        if event.path.startswith(PREFIX)
    }


ROUTES = carrier_routes()


@pytest.fixture
def desk() -> Desk:
    """One call that rings."""
    desk = Desk()
    desk.world.add(make_lead())
    desk.world.ring()
    return desk


def opened(route: str, event: dict[str, Any], desk: Desk) -> int:
    """The status that a door answers an event with."""
    module = ROUTES[route]
    reached = getattr(desk, LIGHT_DOORS.get(module, "services"))
    handle: Callable[[dict[str, Any], Any], dict[str, Any]] = import_module(module).handle
    try:
        return int(handle(event, reached)["statusCode"])
    except Malformed:
        return 400


def path_of(route: str) -> str:
    return route.replace("{attempt}", "a1")


def signed(
    route: str, form: Mapping[str, str] = FORM, *, token: str = TOKEN, algorithm: str | None = None
) -> dict[str, Any]:
    """A request of the carrier as API Gateway hands it over."""
    path = path_of(route)
    headers = {SIGNATURE: RequestValidator(token).compute_signature(PUBLIC + path, dict(form), algorithm)}
    if algorithm:
        headers[SETTINGS] = f"key=k1,algorithm={algorithm}"
    return http_event("POST", path, body=urlencode(form), headers=headers)


def untouched(desk: Desk) -> tuple[Any, ...]:
    """Everything that a door could have changed."""
    store = desk.world.store
    return dict(store.attempts), dict(store.leads), dict(store.events), len(store.messages), len(store.permissions)


def test_the_template_has_every_route_that_the_carrier_is_given() -> None:
    kinds = {path.removeprefix(PREFIX).partition("/")[0] for path in ROUTES}

    assert kinds >= {"answer", "recover", "status", "amd", "stream", "recording"}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("token", [TOKEN, OLD_TOKEN], ids=["token", "token before"])
@pytest.mark.parametrize("algorithm", [None, "HMAC_SHA1", "HMAC_SHA256"])
def test_what_the_carrier_signed_is_let_in(desk: Desk, route: str, token: str, algorithm: str | None) -> None:
    assert opened(route, signed(route, token=token, algorithm=algorithm), desk) in (200, 204)


@pytest.mark.parametrize("route", ROUTES)
def test_a_signed_body_may_come_in_base64(desk: Desk, route: str) -> None:
    event = signed(route)
    event |= {"body": base64.b64encode(event["body"].encode()).decode(), "isBase64Encoded": True}

    assert opened(route, event, desk) in (200, 204)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {SIGNATURE: ""},
        {SIGNATURE: "é"},
        {SIGNATURE: "AAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        {SETTINGS: "key=k1,algorithm=HMAC_SHA256"},
        {SIGNATURE: "x", SETTINGS: "key=k1,algorithm=NONE"},
        {SIGNATURE: "x", SETTINGS: ",,="},
    ],
)
def test_what_nobody_signed_changes_nothing(desk: Desk, route: str, wrong: dict[str, str]) -> None:
    before = untouched(desk)

    assert opened(route, signed(route) | {"headers": wrong}, desk) == 403
    assert untouched(desk) == before


@pytest.mark.parametrize("route", ROUTES)
def test_a_signature_of_the_other_algorithm_is_refused(desk: Desk, route: str) -> None:
    event = signed(route)
    event["headers"][SETTINGS] = "key=k1,algorithm=HMAC_SHA256"

    assert opened(route, event, desk) == 403


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("token", ["", "guessed"])
def test_another_accounts_signature_is_refused(desk: Desk, route: str, token: str) -> None:
    assert opened(route, signed(route, token=token), desk) == 403


@pytest.mark.parametrize("route", ROUTES)
def test_a_body_beyond_all_measure_is_not_read(desk: Desk, route: str) -> None:
    before = untouched(desk)

    assert opened(route, signed(route, {**FORM, "Filler": "x" * 70_000}), desk) == 400
    assert opened(route, signed(route, {f"F{number}": "1" for number in range(500)}), desk) == 400
    assert untouched(desk) == before


@pytest.mark.parametrize("route", ROUTES)
def test_a_request_for_one_call_opens_no_other(desk: Desk, route: str) -> None:
    for other in ROUTES:
        if other != route:
            assert opened(route, signed(other) | {"path": path_of(route)}, desk) == 403


@pytest.mark.parametrize("route", ROUTES)
def test_a_replay_with_anything_changed_is_refused(desk: Desk, route: str) -> None:
    before = untouched(desk)
    dice = random.Random(route)

    for number, event in enumerate(mutated(signed(route), dice)):
        status = opened(route, event, desk)
        assert status in (400, 403), (number, event)
    assert untouched(desk) == before


def mutated(event: dict[str, Any], dice: random.Random) -> Iterator[dict[str, Any]]:
    """A thousand requests, each of them the signed one with one thing changed that the signature is about."""
    changes = (_path, _character, _added, _removed, _renamed, _emptied, _another_value, _encoding, _signature, _base64)
    made = 0
    while made < MUTATIONS:
        changed = dice.choice(changes)(event, dice)
        if _says(changed) != _says(event):
            made += 1
            yield changed


def _says(event: dict[str, Any]) -> tuple[Any, ...]:
    """What the signature is about, and the signature itself."""
    from urllib.parse import parse_qsl

    body = event["body"]
    text = base64.b64decode(body + "==", validate=False).decode("latin-1") if event["isBase64Encoded"] else body
    pairs = sorted(set(parse_qsl(text, keep_blank_values=True)))
    return event["path"], pairs, event["headers"].get(SIGNATURE)


def _path(event: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    path = event["path"]
    ends = ["/", "x", "%20", "/..", "?a=b", "#f", "//", "%2F", "\x00", "é", "A" * 300]
    place = dice.randrange(1, len(path))
    return event | {"path": dice.choice([path + dice.choice(ends), path[:place] + path[place + 1 :], path.upper()])}


def _character(event: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    body = event["body"]
    place = dice.randrange(len(body))
    return event | {"body": body[:place] + dice.choice("0zA&=+%;\n\u00e9\u0000") + body[place + 1 :]}


def _added(event: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    extra = dice.choice(["Extra=1", "CallSid=CA9", "CallStatus=completed", "Blank=x", "=", "AnsweredBy=fax", "é=é"])
    return event | {"body": dice.choice([f"{event['body']}&{extra}", f"{extra}&{event['body']}"])}


def _removed(event: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    pairs = event["body"].split("&")
    pairs.pop(dice.randrange(len(pairs)))
    return event | {"body": "&".join(pairs)}


def _renamed(event: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    pairs = [pair.split("=", 1) for pair in event["body"].split("&")]
    pair = dice.choice(pairs)
    pair[0] = dice.choice([pair[0].lower(), pair[0] + "x", "", pair[0][::-1]])
    return event | {"body": "&".join("=".join(pair) for pair in pairs)}


def _emptied(event: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    return event | {"body": dice.choice([None, "", "&", "{}", "<xml/>", " "]) or ""}


def _another_value(event: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    pairs = [pair.split("=", 1) for pair in event["body"].split("&")]
    dice.choice(pairs)[1] = dice.choice(["completed", "0", "", "%F0%9F%92%A9", "a" * 500, "+", "%00", "CA2"])
    return event | {"body": "&".join("=".join(pair) for pair in pairs)}


def _encoding(event: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    body = event["body"]
    return event | {"body": dice.choice([body.replace("%2B", "+"), body.replace("&", ";"), body.replace("=", "%3D")])}


def _base64(event: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """A body that says it is in base64 and is not, or is something else once it is read."""
    other = base64.b64encode(dice.randbytes(40)).decode()
    return event | {"isBase64Encoded": True, "body": dice.choice([event["body"], other, "%%%"])}


def _signature(event: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    signature = event["headers"][SIGNATURE]
    place = dice.randrange(len(signature) - 1)
    other = signature[:place] + dice.choice("abcXYZ019+/") + signature[place + 1 :]
    value = dice.choice(
        [other, signature[:-1], signature + "=", signature.lower(), f" {signature}x", "", signature * 2]
    )
    return event | {"headers": event["headers"] | {SIGNATURE: value}}
