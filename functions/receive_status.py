"""Callbacks of the carrier: status, answering-machine detection, stream, recording.

Trigger: the carrier posts. Answer: 204 once the callback is durable; 404 when it is about no attempt of ours. What a
machine detection says is also told to the worker that holds the call, which alone knows whether a person has been
talking to it.
"""

from typing import Any

from functions.carrier_doors import StatusDoor
from functions.entry import entry, logger
from functions.receiving import receiving
from functions.twilio_request import FORBIDDEN, NO_CONTENT, NOT_FOUND, read_signed
from shared.calls.inbox import Receipt
from shared.calls.provider_event import ProviderEvent, dedupe_key
from shared.kernel.errors import Unavailable


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
    if receipt is Receipt.NEW and request.kind == "amd":
        _tell_worker(callback, door)
    return NO_CONTENT


def _tell_worker(callback: ProviderEvent, door: StatusDoor) -> None:
    if door.control is None:
        return
    try:
        door.control().send(callback.attempt_id, f"amd:{callback.payload.get('AnsweredBy', 'unknown')}")
    except Unavailable:
        logger.warning("machine detection not passed on", extra={"attempt": callback.attempt_id})


lambda_handler = entry(handle, wired=receiving)
