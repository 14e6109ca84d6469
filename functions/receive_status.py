"""Callbacks of the carrier: status, answering-machine detection, stream, recording.

Trigger: the carrier posts. Answer: 204 once the callback is durable; 404 when it is about no attempt of ours. What a
machine detection says is also told to the worker that holds the call, which alone knows whether a person has been
talking to it.
"""

from typing import Any

from functions.carrier_doors import StatusDoor
from functions.entry import entry, logger
from functions.machine_detection import tell_worker
from functions.receiving import receiving
from functions.twilio_request import FORBIDDEN, NO_CONTENT, NOT_FOUND, read_signed
from shared.calls.inbox import Receipt
from shared.calls.provider_event import ProviderEvent, dedupe_key


def handle(event: dict[str, Any], door: StatusDoor) -> dict[str, Any]:
    """Keep one callback."""
    request = read_signed(event, door)
    if request is None:
        return FORBIDDEN
    callback = ProviderEvent(
        attempt_id=request.attempt_id,
        kind=request.kind,
        dedupe_key=dedupe_key(request.kind, request.fields),
        at=door.clock.now(),
        payload=dict(request.fields),
    )
    receipt = door.inbox.receive(callback)
    if receipt is Receipt.UNKNOWN:
        logger.warning("callback about no attempt", extra={"attempt": request.attempt_id, "kind": request.kind})
        return NOT_FOUND
    if receipt is Receipt.NEW and request.kind == "amd" and door.control is not None:
        tell_worker(callback, door.control())
    return NO_CONTENT


lambda_handler = entry(handle, wired=receiving)
