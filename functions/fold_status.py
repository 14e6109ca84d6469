"""Bring attempts up to date with what the carrier told of them.

Trigger: messages, each ``{"attempt_id"}``, written with a callback, or a whole callback that came by the queue. Answer:
how many there were, for the log. A batch is folded at once, grouped by attempt.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from functions.bootstrap import Services
from functions.entry import entry, logger
from shared.calls.callback_message import CallbackMessage, FoldErrand
from shared.calls.folding import fold_attempts
from shared.calls.provider_event import ProviderEvent
from shared.kernel.errors import Malformed, Unavailable
from shared.kernel.ids import AttemptId


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Fold what one message is about."""
    return handle_all([event], services)


def handle_all(bodies: Sequence[dict[str, Any]], services: Services) -> dict[str, Any]:
    """Keep the callbacks that came whole, then fold every attempt that is named."""
    messages = [_read(body) for body in bodies]
    came = [message.event() for message in messages if isinstance(message, CallbackMessage)]
    new = services.folds.keep(came) if came else []
    for callback in new:
        if callback.kind == "amd":
            _tell_worker(callback, services)
    attempts = {AttemptId(message.attempt_id) for message in messages}
    folded = fold_attempts(attempts, folds=services.folds, capacity=services.capacity)
    if len(folded) < len(attempts):
        logger.warning("callbacks about no attempt", extra={"attempts": len(attempts) - len(folded)})
    return {"messages": len(messages), "attempts": len(folded), "over": sum(attempt.is_over for attempt in folded)}


def _read(body: dict[str, Any]) -> CallbackMessage | FoldErrand:
    try:
        return CallbackMessage.model_validate(body) if "payload" in body else FoldErrand.model_validate(body)
    except ValidationError as error:
        raise Malformed("the message is neither a callback nor an attempt to fold") from error


def _tell_worker(callback: ProviderEvent, services: Services) -> None:
    try:
        services.control.send(callback.attempt_id, f"amd:{callback.payload.get('AnsweredBy', 'unknown')}")
    except Unavailable:
        logger.warning("machine detection not passed on", extra={"attempt": callback.attempt_id})


lambda_handler = entry(handle, together=handle_all)
