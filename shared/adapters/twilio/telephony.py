"""Calls through Twilio's REST API, with the vendor's own library.

    HTTP 429, or no connection at all      Conflict        nothing rings, another attempt may follow
    5xx, timeout, reset, unreadable reply  Unavailable     it may ring: never ask again for this attempt
    21204 (call already initiated)         Unavailable     the same
    21220, 20404 on hanging up             (nothing)       the call is over already
    codes of BAD_NUMBER                    BadNumber       the number can never be rung
    401, 403, codes of ACCOUNT             AccountRefused  every call would be refused: credentials, trial, profile
    any other 4xx                          CarrierRefused  the request: caller id, permissions

Twilio splits and changes its codes, so whatever is not named takes the default branch.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from shared.adapters.twilio.client import READ_SECONDS, make_client
from shared.calls import CallAttempt
from shared.calls.lookup import FoundCall
from shared.calls.ports import AccountRefused, BadNumber, CarrierRefused, Dial, PlacedCall
from shared.kernel.errors import Conflict, ReautoError, Unavailable
from shared.kernel.ids import AttemptId

if TYPE_CHECKING:
    from twilio.base.exceptions import TwilioRestException
    from twilio.rest import Client
    from twilio.rest.api.v2010.account.call import CallInstance

BAD_NUMBER = frozenset({13224, 13225, 21211, 21214, 21216, 21217, 21610})
ACCOUNT = frozenset({10001, 10002, 10003, 10004, 20003, 20005, 20006, 21219, 21608})
ALREADY_INITIATED = 21204
ALREADY_OVER = frozenset({20404, 21220})
STATUS_EVENTS = ["initiated", "ringing", "answered", "completed"]
PATIENT = "#rc=3&rp=ct,rt,5xx"
"""How often Twilio brings a callback again that we did not take; this part of an address is not signed."""
PAGE = 100
CLOCK_TOLERANCE = timedelta(seconds=5)
Answer = TypeVar("Answer")


class TwilioTelephony:
    """One account. ``base_url`` is Twilio's API or a stand-in; ``public_base_url`` is where Twilio reaches us.

    ``fallback_url`` is asked for TwiML when we cannot be reached at the answer: a page that depends on nothing of ours.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        base_url: str,
        public_base_url: str,
        fallback_url: str = "",
        read_seconds: float = READ_SECONDS,
        clock_tolerance: timedelta = CLOCK_TOLERANCE,
        page_size: int = PAGE,
    ) -> None:
        self._account_sid = account_sid
        self._auth_token = auth_token
        self._base_url = base_url
        self._public = public_base_url.rstrip("/")
        self._fallback = {"fallback_url": fallback_url, "fallback_method": "GET"} if fallback_url else {}
        self._read_seconds = read_seconds
        self._clock_tolerance = clock_tolerance
        self._page_size = page_size

    @cached_property
    def _client(self) -> "Client":
        return make_client(
            account_sid=self._account_sid,
            auth_token=self._auth_token,
            base_url=self._base_url,
            read_seconds=self._read_seconds,
        )

    def place(self, dial: Dial) -> PlacedCall:
        call = self._asked(
            lambda: self._client.calls.create(
                to=dial.to,
                from_=dial.caller_id,
                url=self._callback("answer", dial.attempt_id),
                method="POST",
                status_callback=self._callback("status", dial.attempt_id) + PATIENT,
                status_callback_method="POST",
                status_callback_event=STATUS_EVENTS,
                timeout=int(dial.ring_timeout.total_seconds()),
                time_limit=int(dial.time_limit.total_seconds()),
                machine_detection="Enable",
                async_amd="true",
                async_amd_status_callback=self._callback("amd", dial.attempt_id) + PATIENT,
                async_amd_status_callback_method="POST",
                **self._fallback,
            )
        )
        return PlacedCall(sid=str(call.sid), queue_time=timedelta(milliseconds=int(call.queue_time or 0)))

    def hang_up(self, sid: str) -> None:
        from twilio.base.exceptions import TwilioRestException

        def complete() -> None:
            try:
                self._client.calls(sid).update(status="completed")
            except TwilioRestException as error:
                if error.status != 404 and error.code not in ALREADY_OVER:
                    raise

        try:
            self._asked(complete)
        except ReautoError as error:
            raise Unavailable(f"call {sid} could not be hung up") from error

    def find(self, attempt: CallAttempt) -> Sequence[FoundCall]:
        from twilio.base.exceptions import TwilioRestException

        def look() -> list["CallInstance"]:
            if attempt.provider_sid is None:
                calls = self._client.calls.stream(to=attempt.phone, from_=attempt.caller_id, page_size=self._page_size)
                return list(calls)
            try:
                return [self._client.calls(attempt.provider_sid).fetch()]
            except TwilioRestException as error:
                if error.status == 404:
                    return []
                raise

        try:
            calls = [_found(call) for call in self._asked(look)]
        except ReautoError as error:
            raise Unavailable(f"attempt {attempt.id} could not be looked up") from error
        began = attempt.dial_started_at
        if attempt.provider_sid is not None or began is None:
            return calls
        return [call for call in calls if call.created_at is None or call.created_at >= began - self._clock_tolerance]

    def _callback(self, kind: str, attempt_id: AttemptId) -> str:
        return f"{self._public}/v1/twilio/{kind}/{attempt_id}"

    def _asked(self, request: Callable[[], Answer]) -> Answer:
        """The answer to a request, or our error for the carrier's; payloads stay out of the message."""
        from requests.exceptions import RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            return request()
        except TwilioRestException as error:
            raise _ours(error) from error
        except RequestException as error:
            if _never_left(error):
                raise Conflict("the carrier could not be reached; the request was not sent") from error
            raise Unavailable("the carrier's answer was lost") from error
        except (TwilioException, ValueError, TypeError) as error:
            raise Unavailable("the carrier's answer could not be read") from error


def _ours(error: "TwilioRestException") -> ReautoError:
    said = f"the carrier answered {error.status}, code {error.code}"
    if error.status == 429:
        return Conflict(said)
    if not 400 <= error.status < 500 or error.status == 408 or error.code == ALREADY_INITIATED:
        return Unavailable(said)
    if error.code in BAD_NUMBER:
        return BadNumber(said)
    return AccountRefused(said) if error.status in (401, 403) or error.code in ACCOUNT else CarrierRefused(said)


def _never_left(error: Exception) -> bool:
    """Whether the connection was never made, so that nothing can have been heard."""
    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import NewConnectionError

    cause = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, ConnectTimeout) or isinstance(cause, NewConnectionError)


def _found(call: "CallInstance") -> FoundCall:
    return FoundCall(
        sid=str(call.sid),
        status=str(call.status),
        created_at=call.date_created or call.start_time,
        ended_at=call.end_time,
        duration_seconds=int(call.duration) if call.duration else None,
        answered_by=call.answered_by or None,
    )
