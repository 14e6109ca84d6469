"""The carrier, the customer's side and the people, together."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from infra.simulator.carrier import Account, Carrier, Faults, IncomingNumber
from tests.infra.simulator.carrier.our_side import OurSide
from tests.infra.simulator.carrier.phones import Phone

ACCOUNT_SID = "AC" + "0" * 31 + "1"
TOKEN = "a-token-for-tests"
OURS = "+15125550100"
PERSON = "+15125550199"
OTHER = "+15125550188"
CIVIL_START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


class TestClock:
    """Civil time that starts on a Monday in March, whatever the day."""

    __test__ = False

    def __init__(self) -> None:
        self._started = time.monotonic()

    def now(self) -> datetime:
        return CIVIL_START + timedelta(seconds=time.monotonic() - self._started)


@dataclass(kw_only=True)
class Stage:
    """What a test plays with."""

    our_side: OurSide
    carrier: Carrier
    client: httpx.AsyncClient
    phones: dict[str, Phone] = field(default_factory=dict)

    async def create(self, **fields: Any) -> httpx.Response:
        """Ask for a call to the person, answered by ``/answer`` and reported to ``/status``."""
        form: dict[str, Any] = {
            "To": PERSON,
            "From": OURS,
            "Url": f"{self.our_side.base}/answer",
            "StatusCallback": f"{self.our_side.base}/status",
            "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        }
        form |= fields
        return await self.client.post("/Calls.json", data={k: v for k, v in form.items() if v is not None})

    async def place(self, phone: Phone, twiml: str, **fields: Any) -> str:
        """Ring ``phone`` and run ``twiml``; the call's SID."""
        self.phones[PERSON] = phone
        self.our_side.answers["/answer"] = f"<Response>{twiml}</Response>"
        response = await self.create(**fields)
        assert response.status_code == 201, response.text
        return str(response.json()["sid"])

    async def call(self, sid: str) -> dict[str, Any]:
        """The call as the REST interface shows it."""
        values: dict[str, Any] = (await self.client.get(f"/Calls/{sid}.json")).json()
        return values

    async def completed(self, sid: str) -> dict[str, Any]:
        """The call once it is over and its last callback has arrived."""
        await until(lambda: self.carrier.exchange.calls[sid].is_over)
        if self.carrier.exchange.calls[sid].order.status_callback:
            await until(lambda: "CallDuration" in {k for r in self.our_side.at("/status") for k in r.fields})
        return await self.call(sid)

    def notes(self, kind: str) -> list[dict[str, Any]]:
        """What the journal says of one kind."""
        return [entry.values for entry in self.carrier.exchange.journal.entries(kind=kind)]

    def codes(self) -> list[int]:
        """The error codes noted so far."""
        return [values["code"] for values in self.notes("notification")]

    def fault(self, **faults: Any) -> None:
        """From now on these go wrong."""
        self.carrier.set_faults(replace(Faults(), **faults))


def new_carrier(phones: dict[str, Phone], base: str, **options: Any) -> Carrier:
    """A fast carrier with two numbers of the account."""
    numbers = (IncomingNumber(number=OURS, voice_url=f"{base}/inbound", status_callback=f"{base}/inbound-status"),)
    account = Account(sid=ACCOUNT_SID, auth_token=TOKEN, numbers=numbers, calls_per_second=1000)
    account = replace(account, **options.pop("account", {}))
    return Carrier(account=account, clock=TestClock(), telephones=phones.get, **options)


def as_client(carrier: Carrier) -> httpx.AsyncClient:
    """A client that has the account's credentials."""
    root = f"{carrier.base_url}/2010-04-01/Accounts/{ACCOUNT_SID}"
    return httpx.AsyncClient(base_url=root, auth=(ACCOUNT_SID, TOKEN), trust_env=False, verify=False)  # noqa: S501


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; fails after ten seconds."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)
