"""Bring attempts up to date with what the carrier told of them.

Trigger: messages, each ``{"attempt_id"}``, written with a callback, or a whole callback that came by the queue. Answer:
how many there were, for the log. A batch is folded at once, grouped by attempt.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from functions.bootstrap import Services
from functions.entry import entry, logger
from functions.machine_detection import tell_worker
from shared.calls.callback_message import CallbackMessage, FoldErrand
from shared.calls.folding import fold_opened
from shared.calls.provider_event import BY_CALL, ProviderEvent
from shared.kernel.errors import Malformed
from shared.kernel.ids import AttemptId


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Fold what one message is about."""
    return handle_all([event], services)


def handle_all(bodies: Sequence[dict[str, Any]], services: Services) -> dict[str, Any]:
    """Keep the callbacks that came whole, then fold every attempt that is named."""
    messages = [_read(body) for body in bodies]
    whole = [message.event() for message in messages if isinstance(message, CallbackMessage)]
    came = [addressed for callback in whole if (addressed := _addressed(callback, services))]
    errands = [AttemptId(message.attempt_id) for message in messages if isinstance(message, FoldErrand)]
    attempts = {*errands, *(callback.attempt_id for callback in came)}
    opened = services.folds.open(attempts, came=came)
    for callback in opened.new:
        if callback.kind == "amd":
            tell_worker(callback, services.control)
    folded = fold_opened(opened, folds=services.folds, capacity=services.capacity)
    if len(folded) < len(attempts):
        logger.warning("callbacks about no attempt", extra={"attempts": len(attempts) - len(folded)})
    return {"messages": len(messages), "attempts": len(folded), "over": sum(attempt.is_over for attempt in folded)}


def _read(body: dict[str, Any]) -> CallbackMessage | FoldErrand:
    try:
        return CallbackMessage.model_validate(body) if "payload" in body else FoldErrand.model_validate(body)
    except ValidationError as error:
        raise Malformed("the message is neither a callback nor an attempt to fold") from error


def _addressed(callback: ProviderEvent, services: Services) -> ProviderEvent | None:
    """The callback with the attempt of its call, if the carrier named none; ``None`` when we took no such call."""
    if callback.attempt_id != BY_CALL:
        return callback
    attempt = services.inbound.by_sid(callback.sid)
    if attempt is None:
        logger.warning("callback about no call of ours", extra={"call_sid": callback.sid})
        return None
    return replace(callback, attempt_id=attempt.id)


lambda_handler = entry(handle, together=handle_all)
