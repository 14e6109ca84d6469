"""What Twilio's Lookup v2 knows of a number: the kind of line, and whether it changed hands since a day.

https://www.twilio.com/docs/lookup/v2-api: two packages in one request; each may fail alone, with a code of its own.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared.adapters.twilio.client import asked, make_client
from shared.kernel.clock import Clock
from shared.leads.number_check import LineType, NumberCheck, Reassigned

if TYPE_CHECKING:
    from twilio.rest import Client

LINE_TYPES: Mapping[str, LineType] = {
    "mobile": LineType.MOBILE,
    "landline": LineType.LANDLINE,
    "fixedVoip": LineType.FIXED_VOIP,
    "nonFixedVoip": LineType.NON_FIXED_VOIP,
    "tollFree": LineType.TOLL_FREE,
    "premium": LineType.PREMIUM,
    "sharedCost": LineType.PREMIUM,
    "uan": LineType.PREMIUM,
    "pager": LineType.PAGER,
    "voicemail": LineType.VOICEMAIL,
}
REASSIGNED: Mapping[str, Reassigned] = {"yes": Reassigned.YES, "no": Reassigned.NO}


class TwilioLookup:
    """``NumberLookup`` over one account."""

    def __init__(self, *, account_sid: str, auth_token: str, base_url: str, clock: Clock) -> None:
        self._account = (account_sid, auth_token, base_url)
        self._clock = clock

    @cached_property
    def _client(self) -> "Client":
        account_sid, auth_token, base_url = self._account
        return make_client(account_sid=account_sid, auth_token=auth_token, base_url=base_url)

    def look_up(self, phone: str, *, last_verified: date | None) -> NumberCheck:
        packages = ["line_type_intelligence", *(["reassigned_number"] if last_verified else [])]
        wishes = {"last_verified_date": f"{last_verified:%Y%m%d}"} if last_verified else {}
        found = asked(lambda: self._client.lookups.v2.phone_numbers(phone).fetch(fields=",".join(packages), **wishes))
        line: Mapping[str, Any] = found.line_type_intelligence or {}
        history: Mapping[str, Any] = found.reassigned_number or {}
        return NumberCheck(
            phone=phone,
            checked_at=self._clock.now(),
            line_type=LINE_TYPES.get(str(line.get("type")), LineType.UNKNOWN),
            carrier_name=str(line.get("carrier_name") or ""),
            reassigned=_reassigned(history) if last_verified else None,
            asked_since=last_verified,
        )


def _reassigned(history: Mapping[str, Any]) -> Reassigned:
    """Only a plain yes or no is one; no answer is no data, and that is no permission."""
    return REASSIGNED.get(str(history.get("is_number_reassigned")), Reassigned.NO_DATA)
