"""The carrier tells of a call that came to us: its callbacks come to the number's address, which knows no attempt.

Trigger: the carrier posts. Answer: 204 once the callback is durable; 404 when it is about no call that we took.
"""

from typing import Any

from functions.bootstrap import Services
from functions.entry import entry
from functions.log import logger
from functions.twilio_request import FORBIDDEN, NO_CONTENT, NOT_FOUND, read_signed
from shared.calls.inbox import TOPIC
from shared.calls.provider_event import ProviderEvent, dedupe_key
from shared.kernel.outbox import NewMessage

KIND = "status"


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Keep one callback with the attempt that its call belongs to."""
    request = read_signed(event, services)
    if request is None:
        return FORBIDDEN
    attempt = services.inbound.by_sid(request.sid)
    if attempt is None:
        logger.warning("callback about no call of ours", extra={"call_sid": request.sid})
        return NOT_FOUND
    callback = ProviderEvent(
        attempt_id=attempt.id,
        kind=KIND,
        dedupe_key=dedupe_key(KIND, request.fields),
        at=services.clock.now(),
        payload=dict(request.fields),
    )
    folding = NewMessage(topic=TOPIC, body={"attempt_id": attempt.id}, group=attempt.seller_id)
    services.calls.receive(callback, folding)
    return NO_CONTENT


lambda_handler = entry(handle)
