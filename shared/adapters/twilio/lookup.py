"""What Twilio's Lookup v2 knows of a number: the kind of line, and whether it changed hands since a day.

https://www.twilio.com/docs/lookup/v2-api: two packages in one request; each may fail alone, with a code of its own.

    404, 400 with a code of NUMBER         Refused      there is no such number
    any other failure of the request       Unavailable  our credentials, our rights, our request, or Twilio itself
    60600 of one package                   (an answer)  the number is not covered: nothing is known of it
    any other code of one package          Unavailable  the question may be asked later
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared.adapters.twilio.client import asked, make_client
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound, Refused, Unavailable
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
NUMBER = frozenset({20404, 21211, 21217, 21401})
NOT_COVERED = "60600"
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
        found = self._asked(phone, {"fields": ",".join(packages), **wishes})
        line = _answered(found.line_type_intelligence)
        history = _answered(found.reassigned_number)
        return NumberCheck(
            phone=phone,
            checked_at=self._clock.now(),
            line_type=LINE_TYPES.get(str(line.get("type")), LineType.UNKNOWN),
            carrier_name=str(line.get("carrier_name") or ""),
            reassigned=_reassigned(history) if last_verified else None,
            asked_since=last_verified,
        )

    def _asked(self, phone: str, wishes: Mapping[str, str]) -> Any:
        from twilio.base.exceptions import TwilioRestException

        try:
            return asked(lambda: self._client.lookups.v2.phone_numbers(phone).fetch(**wishes))
        except NotFound as error:
            raise Refused(str(error)) from error
        except Refused as error:
            cause = error.__cause__
            if isinstance(cause, TwilioRestException) and cause.status == 400 and cause.code in NUMBER:
                raise
            raise Unavailable(str(error)) from error


def _answered(package: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What a package says; nothing where it was not asked or does not cover the number.

    Raises:
        Unavailable: It failed for now, or for us.
    """
    told = package or {}
    code = str(told.get("error_code") or "")
    if code not in ("", NOT_COVERED):
        raise Unavailable(f"the look-up failed, code {code}")
    return told


def _reassigned(history: Mapping[str, Any]) -> Reassigned:
    """Only a plain yes or no is one; no answer is no data, and that is no permission."""
    return REASSIGNED.get(str(history.get("is_number_reassigned")), Reassigned.NO_DATA)
