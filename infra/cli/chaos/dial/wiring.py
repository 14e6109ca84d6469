"""Composition of one world's functions: every port with the hazard around it."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date
from typing import Any

from functions.bootstrap import Services
from functions.carrier_doors import AnswerDoors, StatusDoor
from infra.cli.chaos.dial.carrier import ModelCarrier
from infra.cli.chaos.dial.faults import Dice
from infra.cli.chaos.dial.hazard import Hazard, watched
from infra.cli.chaos.dial.parts import Parts
from infra.cli.chaos.dial.society import Ids, Society
from infra.cli.chaos.dial.timeline import Timeline
from shared.adapters.memory.live import MemoryCallControl, MemoryLiveFeed
from shared.adapters.memory.scripts import MemoryScriptRepository
from shared.calls.answer import Gate
from shared.calls.horizons import Horizons
from shared.calls.lookup import CallLookup
from shared.calls.pace import AccountBreaker, Pacer
from shared.calls.ports import Capacity, Telephony
from shared.calls.recover import Recovery
from shared.conversation.script_book import ScriptBook
from shared.costs.price_table import price_table
from shared.kernel.errors import Unavailable
from shared.leads.number_check import LineType, NumberCheck, Reassigned

TOKEN, PUBLIC = "the-token-of-the-account", "https://calls.example.com/live"
SECRET = "a-call-token-secret"  # noqa: S105 - of a world that does not exist


@dataclass(frozen=True, kw_only=True)
class ModelNumbers:
    """``NumberLookup`` that knows the truth about every person's number, when it answers."""

    society: Society
    dice: Dice
    timeline: Timeline

    def look_up(self, phone: str, *, last_verified: date | None) -> NumberCheck:
        """What is true about the number."""
        if self.dice.happens(self.dice.faults.lookup_fails):
            raise Unavailable("the lookup is away")
        person = self.society.people[phone]
        changed = Reassigned.YES if person.changed_hands else Reassigned.NO
        return NumberCheck(
            phone=phone,
            checked_at=self.timeline.now(),
            line_type=LineType.MOBILE,
            reassigned=changed if last_verified else None,
            asked_since=last_verified,
        )


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What the functions of a world meet beside its books."""

    telephony: Telephony
    lookup: CallLookup
    bills: ModelCarrier
    room: Capacity
    pacer: Pacer
    breaker: AccountBreaker
    horizons: Horizons
    numbers: ModelNumbers


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """The three sets of things that doors reach for."""

    services: Services
    answering: AnswerDoors
    receiving: StatusDoor


def wired(parts: Parts, outside: Outside, *, hazard: Hazard, timeline: Timeline, ids: Ids) -> Wiring:
    """Every function of the world, over dangerous ports."""
    given = _endangered(parts, hazard)
    capacity: Capacity = watched(outside.room, "capacity", hazard)
    services = _services(
        _ports(given)
        | {
            "capacity": capacity,
            "number_lookup": watched(outside.numbers, "number_lookup", hazard),
            "pacer": watched(outside.pacer, "pacer", hazard),
            "breaker": watched(outside.breaker, "breaker", hazard),
            "telephony": watched(outside.telephony, "telephony", hazard),
            "lookup": watched(outside.lookup, "lookup", hazard),
            "carrier_books": outside.bills,
            "account": "AC1",
            "feed": MemoryLiveFeed(),
            "control": MemoryCallControl(),
            "prices": price_table(),
            "scripts": ScriptBook(repository=MemoryScriptRepository()),
            "carrier_tokens": (TOKEN,),
            "public_base_url": PUBLIC,
            "call_token_secret": SECRET,
            "api_key": "nobody asks",
            "clock": timeline,
            "horizons": outside.horizons,
            "new_id": ids,
        }
    )
    gate = Gate(book=given.gate, token_secret=SECRET, horizons=outside.horizons)
    answering = AnswerDoors(
        carrier_tokens=(TOKEN,),
        public_base_url=PUBLIC,
        clock=timeline,
        gate=gate,
        recovery=Recovery(gate=gate, capacity=lambda: capacity, wait=lambda: None),
    )
    receiving = StatusDoor(
        carrier_tokens=(TOKEN,), public_base_url=PUBLIC, clock=timeline, inbox=given.inbox, control=None
    )
    return Wiring(services=services, answering=answering, receiving=receiving)


class _Absent:
    """Something that no function of this world should need."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        raise RuntimeError(f"a world has no {self._name}: .{attribute} was asked for")


def _services(given: Mapping[str, Any]) -> Services:
    """Services of what is given; what else they have is absent."""
    needed = [field.name for field in fields(Services) if field.default is MISSING and field.default_factory is MISSING]
    absent: dict[str, Any] = {name: _Absent(name) for name in needed if name not in given}
    return Services(**absent, **given)


def _ports(parts: Parts) -> dict[str, Any]:
    """Those parts that services have, by name."""
    wanted = {field.name for field in fields(Services)}
    return {field.name: getattr(parts, field.name) for field in fields(parts) if field.name in wanted}


def _endangered(parts: Parts, hazard: Hazard) -> Parts:
    ports = {field.name: getattr(parts, field.name) for field in fields(parts) if field.name != "collect"}
    there = {name: port for name, port in ports.items() if port is not None}
    return replace(parts, **{name: watched(port, name, hazard) for name, port in there.items()})
