"""What Twilio's look-ups say when they fail: a refusal is about the number, everything else is asked again."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from shared.adapters.twilio.lookup import TwilioLookup
from shared.kernel.errors import Refused, Unavailable
from shared.leads.number_check import LineType, NumberCheck, Reassigned

NOON = datetime(2026, 3, 10, 17, tzinfo=UTC)
SINCE = date(2026, 1, 1)
MOBILE = {"type": "mobile", "carrier_name": "Sky", "error_code": None}


@dataclass(frozen=True)
class Noon:
    """It is always noon."""

    def now(self) -> datetime:
        return NOON


Ask = Callable[[int, dict[str, Any]], NumberCheck]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Look a number up at a server that gives one answer."""
    given: list[tuple[int, dict[str, Any]]] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = given[-1]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    lookup = TwilioLookup(
        account_sid="AC1", auth_token="token", base_url=f"http://127.0.0.1:{server.server_port}", clock=Noon()
    )

    def look_up(status: int, body: dict[str, Any]) -> NumberCheck:
        given.append((status, body))
        return lookup.look_up("+15125550101", last_verified=SINCE)

    yield look_up
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (404, 20404, Refused),
        (400, 21211, Refused),
        (400, 60617, Unavailable),
        (401, 20003, Unavailable),
        (403, 20008, Unavailable),
        (429, 20429, Unavailable),
        (500, 20500, Unavailable),
    ],
)
def test_only_what_is_about_the_number_is_a_refusal(ask: Ask, status: int, code: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        ask(status, {"status": status, "code": code, "message": "no"})


@pytest.mark.parametrize("broken", ["line_type_intelligence", "reassigned_number"])
def test_a_package_that_failed_is_asked_again(ask: Ask, broken: str) -> None:
    packages = {"line_type_intelligence": MOBILE, "reassigned_number": {"is_number_reassigned": "no"}}

    with pytest.raises(Unavailable):
        ask(200, packages | {broken: {"error_code": 60008}})


def test_a_number_that_is_not_covered_is_answered_for_all_that_is_known(ask: Ask) -> None:
    check = ask(200, {"line_type_intelligence": MOBILE, "reassigned_number": {"error_code": "60600"}})

    assert (check.line_type, check.reassigned) == (LineType.MOBILE, Reassigned.NO_DATA)
