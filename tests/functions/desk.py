"""The functions' services over the world in memory, and the events that open their doors."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from functions.bootstrap import Services
from shared.adapters.memory import MemoryAppointmentRepository, MemoryReportRepository
from shared.adapters.memory.live import MemoryCallControl, MemoryLiveFeed
from shared.calls import CallAttempt
from shared.calls.ports import FoundCall
from shared.costs.price_table import price_table
from shared.kernel.money import Money
from tests.shared.calls.world import NOON, World

TOKEN = "the-auth-token"
OLD_TOKEN = "the-token-before"
API_KEY = "an-api-key-of-some-length"
SECRET = "a-call-token-secret"
PUBLIC = "https://calls.example.com/live"


def installation(*, database_url: str, redis_url: str) -> dict[str, str]:
    """The environment of an installation over these servers."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": TOKEN,
        "PUBLIC_BASE_URL": PUBLIC,
        "CALL_TOKEN_SECRET": SECRET,
        "REAUTO_API_KEY": API_KEY,
    }


@dataclass
class StoppedClock:
    """A clock that stands still until it is set."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment


class EmptyCarrier:
    """A carrier that has no calls."""

    def find(self, attempt: CallAttempt) -> list[FoundCall]:
        return []


@dataclass
class Desk:
    """A world with doors."""

    world: World = field(default_factory=lambda: World(worst_case=Money.usd("0.20")))
    clock: StoppedClock = field(default_factory=StoppedClock)
    feed: MemoryLiveFeed = field(default_factory=MemoryLiveFeed)
    control: MemoryCallControl = field(default_factory=MemoryCallControl)

    def __post_init__(self) -> None:
        world = self.world
        self.reports = MemoryReportRepository(world.store)
        self.services = Services(
            leads=world.leads,
            consents=world.consents,
            suppressions=world.suppressions,
            campaigns=world.campaigns,
            appointments=MemoryAppointmentRepository(world.store),
            calls=world.calls,
            costs=world.costs,
            reports=self.reports,
            capacity=world.capacity,
            telephony=world.telephony,
            lookup=EmptyCarrier(),
            feed=self.feed,
            control=self.control,
            prices=price_table(),
            scripts=["seller_home_value"],
            carrier_tokens=(TOKEN, OLD_TOKEN),
            public_base_url=PUBLIC,
            call_token_secret=SECRET,
            api_key=API_KEY,
            clock=self.clock,
        )


def http_event(
    method: str, path: str, *, body: str | None = None, headers: Mapping[str, str] | None = None, query: str = ""
) -> dict[str, Any]:
    """What API Gateway hands to a function."""
    pairs = dict(pair.split("=", 1) for pair in query.split("&")) if query else None
    return {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": dict(headers or {}),
        "multiValueHeaders": None,
        "queryStringParameters": pairs,
        "multiValueQueryStringParameters": {name: [value] for name, value in pairs.items()} if pairs else None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {"stage": "live", "identity": {"sourceIp": "127.0.0.1"}},
        "body": body,
        "isBase64Encoded": False,
    }


def carrier_event(path: str, *, token: str = TOKEN, **fields: str) -> dict[str, Any]:
    """A callback of the carrier, signed with ``token``."""
    signature = RequestValidator(token).compute_signature(PUBLIC + path, fields)
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    return http_event("POST", path, body=urlencode(fields), headers=headers)


def queue_event(*bodies: Any, receives: int = 1) -> dict[str, Any]:
    """Messages of a queue, called ``m1``, ``m2``, …."""
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {"ApproximateReceiveCount": str(receives)},
            }
            for number, body in enumerate(bodies, start=1)
        ]
    }
