"""The one thing the node asks of the carrier: to end a call."""

import logging

import httpx

from shared.kernel.errors import Unavailable

log = logging.getLogger(__name__)
ATTEMPTS = 2


class CarrierLine:
    """Ends calls by the carrier's REST API; ``client`` carries base address, credentials and time-outs."""

    def __init__(self, client: httpx.AsyncClient, *, account_sid: str) -> None:
        self._client = client
        self._account_sid = account_sid

    async def hang_up(self, call_sid: str) -> None:
        """End a live call. A call that is already over is fine; safe to repeat.

        Raises:
            Unavailable: The carrier failed twice.
        """
        path = f"/2010-04-01/Accounts/{self._account_sid}/Calls/{call_sid}.json"
        fault = ""
        for _ in range(ATTEMPTS):
            try:
                answer = await self._client.post(path, data={"Status": "completed"})
            except httpx.TransportError as error:
                fault = type(error).__name__
                continue
            if answer.is_success or answer.status_code == httpx.codes.NOT_FOUND:
                return
            fault = f"HTTP {answer.status_code}"
        raise Unavailable(f"the carrier does not end the call: {fault}")
