"""Callbacks of the carrier: status, answering-machine detection, stream, recording.

Trigger: the carrier posts. Answer: 204 once the callback is durable. What a machine detection says is also told
to the worker that holds the call, which alone knows whether a person has been talking to it.
"""

from typing import Any

from functions.bootstrap import Services
from functions.entry import entry, logger
from functions.twilio_request import FORBIDDEN, NO_CONTENT, read_signed
from shared.calls.callback import dedupe_key
from shared.calls.ports import ProviderEvent
from shared.kernel.errors import Unavailable
from shared.kernel.outbox import NewMessage


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Keep one callback."""
    request = read_signed(event, services)
    if request is None:
        return FORBIDDEN
    key = dedupe_key(request.kind, request.fields)
    callback = ProviderEvent(
        attempt_id=request.attempt_id,
        kind=request.kind,
        dedupe_key=key,
        at=services.clock.now(),
        payload=dict(request.fields),
    )
    folding = NewMessage(topic="status", body={"attempt_id": request.attempt_id, "dedupe_key": key})
    is_new = services.calls.receive(callback, folding)
    if is_new and request.kind == "amd":
        _tell_worker(callback, services)
    return NO_CONTENT


def _tell_worker(callback: ProviderEvent, services: Services) -> None:
    try:
        services.control.send(callback.attempt_id, f"amd:{callback.payload.get('AnsweredBy', 'unknown')}")
    except Unavailable:
        logger.warning("machine detection not passed on", extra={"attempt": callback.attempt_id})


lambda_handler = entry(handle)
