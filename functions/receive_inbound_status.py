"""The carrier tells of a call that came to us: its callbacks come to the number's address, which knows no attempt.

Trigger: the carrier posts. Answer: 204 once the callback is durable; 404 when it is about no call that we took.
"""

from typing import Any

from functions.carrier_doors import StatusDoor
from functions.entry import entry
from functions.log import logger
from functions.receiving import receiving
from functions.twilio_request import FORBIDDEN, NO_CONTENT, NOT_FOUND, read_signed
from shared.calls.inbox import Receipt
from shared.calls.provider_event import BY_CALL, ProviderEvent, dedupe_key

KIND = "status"


def handle(event: dict[str, Any], door: StatusDoor) -> dict[str, Any]:
    """Keep one callback for the attempt that its call belongs to."""
    request = read_signed(event, door)
    if request is None:
        return FORBIDDEN
    callback = ProviderEvent(
        attempt_id=BY_CALL,
        kind=KIND,
        dedupe_key=dedupe_key(KIND, request.fields),
        at=door.clock.now(),
        payload=dict(request.fields),
    )
    if door.inbox.receive(callback) is Receipt.UNKNOWN:
        logger.warning("callback about no call of ours", extra={"call_sid": request.sid})
        return NOT_FOUND
    return NO_CONTENT


lambda_handler = entry(handle, wired=receiving)
