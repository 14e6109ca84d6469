"""What the node asks of the carrier: to end a call, or to put it through to a person."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from shared.kernel.errors import Unavailable
from shared.settings import TwilioSettings

log = logging.getLogger(__name__)
ATTEMPTS = 2
TIMEOUT_SECONDS = 5.0
PUT_THROUGH = (
    '<Response><Dial timeout="25">{to}</Dial>'
    "<Say>Thank you. If nobody was there, we will call you back. Goodbye.</Say><Hangup/></Response>"
)


class CarrierLine:
    """Changes live calls by the carrier's REST API; ``client`` carries base address, credentials and time-outs."""

    def __init__(self, client: httpx.AsyncClient, *, account_sid: str) -> None:
        self._client = client
        self._account_sid = account_sid

    async def hang_up(self, call_sid: str) -> None:
        """End a live call. A call that is already over is fine; safe to repeat.

        Raises:
            Unavailable: The carrier failed twice.
        """
        await self._change(call_sid, {"Status": "completed"}, "does not end the call")

    async def transfer(self, call_sid: str, to: str) -> None:
        """Have the carrier ring ``to`` (E.164) and connect the caller. A call that is over is fine; safe to repeat.

        Raises:
            Unavailable: The carrier failed twice.
        """
        await self._change(call_sid, {"Twiml": PUT_THROUGH.format(to=to)}, "does not put the call through")

    async def _change(self, call_sid: str, change: dict[str, str], fault_of: str) -> None:
        path = f"/2010-04-01/Accounts/{self._account_sid}/Calls/{call_sid}.json"
        fault = ""
        for _ in range(ATTEMPTS):
            try:
                answer = await self._client.post(path, data=change)
            except httpx.TransportError as error:
                fault = type(error).__name__
                continue
            if answer.is_success or answer.status_code == httpx.codes.NOT_FOUND:
                return
            fault = f"HTTP {answer.status_code}"
        raise Unavailable(f"the carrier {fault_of}: {fault}")


@asynccontextmanager
async def carrier_line(twilio: TwilioSettings) -> AsyncIterator[CarrierLine]:
    """The line to the carrier's account, open until the block ends."""
    credentials = (twilio.account_sid, twilio.auth_token.get_secret_value())
    async with httpx.AsyncClient(base_url=twilio.base_url, auth=credentials, timeout=TIMEOUT_SECONDS) as client:
        yield CarrierLine(client, account_sid=twilio.account_sid)
