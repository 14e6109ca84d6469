"""Our account at Twilio: its standing, and its numbers."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.adapters.twilio.client import asked, make_client
from shared.reports.readiness import AccountFacts, CarrierNumber

if TYPE_CHECKING:
    from twilio.rest import Client


class TwilioAccount:
    """``CarrierAccount`` over one account."""

    def __init__(self, *, account_sid: str, auth_token: str, base_url: str) -> None:
        self._account = (account_sid, auth_token, base_url)

    @cached_property
    def _client(self) -> "Client":
        account_sid, auth_token, base_url = self._account
        return make_client(account_sid=account_sid, auth_token=auth_token, base_url=base_url)

    def look(self) -> AccountFacts:
        account = asked(lambda: self._client.api.accounts(self._account[0]).fetch())
        numbers = asked(self._client.incoming_phone_numbers.list)
        return AccountFacts(
            status=str(account.status),
            kind=str(account.type),
            numbers=tuple(
                CarrierNumber(
                    phone=str(number.phone_number),
                    has_voice=bool((number.capabilities or {}).get("voice")),
                    voice_url=str(number.voice_url or ""),
                )
                for number in numbers
            ),
        )
