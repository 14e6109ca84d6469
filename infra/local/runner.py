"""Runs Lambda handlers in this process: the one place of the one-machine runtime that survives whatever they raise."""

import importlib
import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from infra.local.template_nouns import Function
from shared.kernel.errors import Malformed, ReautoError
from shared.kernel.ids import new_id

logger = logging.getLogger(__name__)

REGION = "us-east-1"
ACCOUNT = "000000000000"

Handler = Callable[[Any, Any], Any]


class FunctionFailed(ReautoError):
    """The handler raised, or answered with something that is not JSON."""


@dataclass(frozen=True, kw_only=True)
class LambdaContext:
    """What Lambda hands to a handler beside the event, under Lambda's own names."""

    function_name: str
    memory_limit_in_mb: int
    deadline: float
    aws_request_id: str = field(default_factory=new_id)
    function_version: str = "$LATEST"
    log_stream_name: str = "local"
    identity: None = None
    client_context: None = None

    @property
    def invoked_function_arn(self) -> str:
        """The function's name in AWS's form."""
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        """Where AWS would write the function's log."""
        return f"/aws/lambda/{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """How long the function may still run."""
        return max(0, round((self.deadline - time.monotonic()) * 1000))


class Runner:
    """Invokes functions by their handler's name, importing each once.

    Args:
        after: Called after every run, since a run may have written new messages.
    """

    def __init__(self, functions: Iterable[Function], *, after: Callable[[], None] = lambda: None) -> None:
        self._handlers = {function.handler: _load(function.handler) for function in functions}
        self._after = after

    def invoke(self, function: Function, event: dict[str, Any]) -> Any:
        """What the handler answers, as it comes back out of JSON.

        Raises:
            FunctionFailed: The handler raised, or its answer is not JSON.
        """
        context = LambdaContext(
            function_name=function.name,
            memory_limit_in_mb=function.memory_mb,
            deadline=time.monotonic() + function.timeout_seconds,
        )
        try:
            return json.loads(json.dumps(self._handlers[function.handler](event, context)))
        except Exception as error:
            logger.exception("function failed", extra={"function": function.name, "request": context.aws_request_id})
            raise FunctionFailed(function.name) from error
        finally:
            self._after()


def survive(step: Callable[[], None], *, name: str) -> bool:
    """Run one step of an endless loop; whatever it raises is logged, and told by ``False``."""
    try:
        step()
    except Exception:
        logger.exception("step failed", extra={"step": name})
        return False
    return True


def _load(handler: str) -> Handler:
    """The callable behind ``package.module.name``.

    Raises:
        Malformed: There is no such thing.
    """
    module, _, name = handler.rpartition(".")
    try:
        found: Handler = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise Malformed(f"the template names the handler {handler}, which cannot be imported: {error}") from error
    return found
