"""What a machine detection says is passed on to the worker that holds the call. Light to import."""

from functions.log import logger
from shared.calls.live import CallControl
from shared.calls.provider_event import ProviderEvent
from shared.kernel.errors import Unavailable


def tell_worker(callback: ProviderEvent, control: CallControl) -> None:
    """Pass it on; a worker that cannot be reached goes on without it."""
    try:
        control.send(callback.attempt_id, f"amd:{callback.payload.get('AnsweredBy', 'unknown')}")
    except Unavailable:
        logger.warning("machine detection not passed on", extra={"attempt": callback.attempt_id})
