"""The functions' services over the world in memory, and the events that open their doors."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from functions.bootstrap import Services
from functions.carrier_doors import AnswerDoors, StatusDoor
from shared.adapters.memory import (
    MemoryAlertRepository,
    MemoryAlertSink,
    MemoryAppointmentRepository,
    MemoryCarrierBooks,
    MemoryCostReports,
    MemoryOutbox,
    MemoryReportRepository,
    MemoryUsageBook,
)
from shared.adapters.memory.account import MemoryCarrierAccount
from shared.adapters.memory.analyses import MemoryAnalysisRepository
from shared.adapters.memory.campaign_board import MemoryCampaignBoard
from shared.adapters.memory.decisions import MemoryBlockedLeads, MemoryPermissionRecords
from shared.adapters.memory.folds import MemoryCallFolds
from shared.adapters.memory.gate import MemoryAnswerGate
from shared.adapters.memory.inbound import MemoryInboundRepository, MemoryTaskRepository
from shared.adapters.memory.inbox import MemoryCallInbox
from shared.adapters.memory.live import MemoryCallControl, MemoryLiveFeed
from shared.adapters.memory.registries import MemoryNumberLookup
from shared.adapters.memory.scores import MemoryScoreBook
from shared.adapters.memory.scripts import MemoryScriptRepository
from shared.adapters.memory.strays import MemoryStrays
from shared.adapters.twilio.voice_token import TwilioVoiceTokens
from shared.calls import CallAttempt
from shared.calls.answer import Gate
from shared.calls.invariants import Violation
from shared.calls.lookup import FoundCall
from shared.calls.ports import Capacity
from shared.calls.recover import Recovery
from shared.conversation.script_book import ScriptBook
from shared.costs.carrier_usage import CarrierUsage
from shared.costs.price_table import price_table
from shared.kernel.money import Money
from shared.storage.dead_letters import OutboxDeadLetters
from shared.storage.light.connections import Connections
from shared.storage.light.gate import SqlAnswerGate
from shared.storage.light.inbox import SqlCallInbox
from tests.shared.calls.world import NOON, World

TOKEN = "the-auth-token"
OLD_TOKEN = "the-token-before"
API_KEY = "an-api-key-of-some-length"
SECRET = "a-call-token-secret"
SDK_SECRET = "the-secret-of-an-api-key-of-twilio"
PUBLIC = "https://calls.example.com/live"


def installation(*, database_url: str, redis_url: str) -> dict[str, str]:
    """The environment of an installation over these servers."""
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_CALLS_PER_SECOND": "1000",
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
    """A carrier that has no calls and never says a price."""

    def find(self, attempt: CallAttempt) -> list[FoundCall]:
        return []

    def usage(self, first: date, last: date) -> list[CarrierUsage]:
        return []

    def price_of(self, sid: str) -> Money | None:
        return None


class NothingBroken:
    """Books that are in order."""

    def violations(self, now: datetime, *, look_back: timedelta | None = None) -> list[Violation]:
        return []


@dataclass
class Desk:
    """A world with doors."""

    world: World = field(default_factory=lambda: World(worst_case=Money.usd("0.20")))
    clock: StoppedClock = field(default_factory=StoppedClock)
    feed: MemoryLiveFeed = field(default_factory=MemoryLiveFeed)
    control: MemoryCallControl = field(default_factory=MemoryCallControl)
    alert_sink: MemoryAlertSink = field(default_factory=MemoryAlertSink)
    carrier_books: MemoryCarrierBooks = field(default_factory=MemoryCarrierBooks)
    carrier_account: MemoryCarrierAccount = field(default_factory=MemoryCarrierAccount)

    def __post_init__(self) -> None:
        world = self.world
        self.reports = MemoryReportRepository(world.store)
        self.scores = MemoryScoreBook(world.store)
        self.services = Services(
            leads=world.leads,
            consents=world.consents,
            suppressions=world.suppressions,
            registries=world.registries,
            number_checks=world.number_checks,
            number_lookup=MemoryNumberLookup(at=NOON),
            sign_offs=world.sign_offs,
            campaigns=world.campaigns,
            own_numbers=world.own_numbers,
            campaign_calls=world.campaign_calls,
            board=MemoryCampaignBoard(world.store),
            appointments=MemoryAppointmentRepository(world.store),
            calls=world.calls,
            decisions=MemoryPermissionRecords(world.store),
            blocked=MemoryBlockedLeads(world.store),
            folds=MemoryCallFolds(world.store),
            costs=world.costs,
            alerts=MemoryAlertRepository(world.store),
            alert_sink=self.alert_sink,
            usage_book=MemoryUsageBook(world.store),
            carrier_books=self.carrier_books,
            carrier_account=self.carrier_account,
            cost_reports=MemoryCostReports(world.store),
            reports=self.reports,
            scores=self.scores,
            analyses=MemoryAnalysisRepository(world.store),
            inbound=MemoryInboundRepository(world.store),
            tasks=MemoryTaskRepository(world.store),
            capacity=world.capacity,
            stops=world.stops,
            strays=MemoryStrays(world.store),
            dead_letters=OutboxDeadLetters(MemoryOutbox(world.store)),
            invariants=NothingBroken(),
            pacer=world.pacer,
            breaker=world.breaker,
            account="AC1",
            telephony=world.telephony,
            voice_tokens=TwilioVoiceTokens(account_sid="AC1", api_key="SK1", api_secret=SDK_SECRET, application="AP1"),
            lookup=EmptyCarrier(),
            feed=self.feed,
            control=self.control,
            prices=price_table(),
            scripts=ScriptBook(repository=MemoryScriptRepository(world.store)),
            carrier_tokens=(TOKEN, OLD_TOKEN),
            public_base_url=PUBLIC,
            call_token_secret=SECRET,
            api_key=API_KEY,
            clock=self.clock,
        )

    @property
    def answering(self) -> AnswerDoors:
        """What the answer and the recovery of a call reach for."""
        gate = Gate(book=MemoryAnswerGate(self.world.store), token_secret=SECRET)

        def capacity() -> Capacity:
            return self.services.capacity

        return AnswerDoors(
            carrier_tokens=(TOKEN, OLD_TOKEN),
            public_base_url=PUBLIC,
            clock=self.clock,
            gate=gate,
            recovery=Recovery(gate=gate, capacity=capacity, wait=lambda: None),
        )

    @property
    def receiving(self) -> StatusDoor:
        """What callbacks reach for."""
        return StatusDoor(
            carrier_tokens=(TOKEN, OLD_TOKEN),
            public_base_url=PUBLIC,
            clock=self.clock,
            inbox=MemoryCallInbox(self.world.store),
            control=lambda: self.services.control,
        )


def carrier_doors(light: Connections, services: Services) -> tuple[AnswerDoors, StatusDoor]:
    """The carrier's doors over a real database, beside the services of all the others."""
    gate = Gate(book=SqlAnswerGate(light), token_secret=SECRET)
    recovery = Recovery(gate=gate, capacity=lambda: services.capacity, wait=lambda: None)
    tokens, clock = services.carrier_tokens, services.clock
    return (
        AnswerDoors(carrier_tokens=tokens, public_base_url=PUBLIC, clock=clock, gate=gate, recovery=recovery),
        StatusDoor(
            carrier_tokens=tokens,
            public_base_url=PUBLIC,
            clock=clock,
            inbox=SqlCallInbox(light),
            control=lambda: services.control,
        ),
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
