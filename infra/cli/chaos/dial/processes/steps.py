"""The steps of the dial protocol at which a process dies, and the ports that let it."""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.local.runner import Runner
from infra.local.template_nouns import Function

KILLED = 9
"""The exit status of a process that died at its step."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """Before or after one call of a port, in one function; ``number`` is that of the protocol in our reference."""

    number: str
    function: str
    port: str
    when: str

    def __str__(self) -> str:
        return f"{self.number}, {self.when} {self.port} in {self.function}"


def _around(number: str, function: str, port: str) -> tuple[Step, Step]:
    before, after = (Step(number=number, function=function, port=port, when=when) for when in ("before", "after"))
    return before, after


STEPS: tuple[Step, ...] = (
    *_around("1 dispatch", "dispatch_leads", "calls.plan"),
    *_around("2 check again", "dial_lead", "calls.record"),
    *_around("3 slot and token", "dial_lead", "capacity.acquire"),
    *_around("3 slot and token", "dial_lead", "pacer.take"),
    *_around("4 take", "dial_lead", "calls.begin_dialing"),
    *_around("5 ask the carrier", "dial_lead", "telephony.place"),
    *_around("5 bind", "dial_lead", "calls.bind"),
    *_around("6 reconcile", "reconcile_calls", "lookup.find"),
    *_around("6 reconcile", "reconcile_calls", "calls.receive"),
    *_around("7 gate", "answer_call", "gate.answer"),
    *_around("callback", "receive_status", "inbox.receive"),
    *_around("fold", "fold_status", "folds.fold"),
    *_around("close", "close_call", "calls.close"),
    *_around("settle", "settle_costs", "costs.book"),
)


class NamedRunner(Runner):
    """A runner that says which function runs in a thread."""

    here = threading.local()

    def invoke(self, function: Function, event: dict[str, Any]) -> Any:
        """What the handler answers."""
        self.here.function = function.handler.split(".")[1]
        return super().invoke(function, event)


class Fate:
    """Ends this process the ``nth`` time that it comes to the step; without one it lives."""

    def __init__(self, step: Step | None, nth: int) -> None:
        self._step, self._left = step, nth
        self._lock = threading.Lock()

    def watch(self, port: Any, name: str) -> Any:
        """The port, deadly at the step."""
        return port if self._step is None or not self._step.port.startswith(f"{name}.") else _Deadly(port, name, self)

    def around(self, label: str, call: Callable[[], Any]) -> Any:
        """Call the port, if this process lives on."""
        self._meet(label, "before")
        result = call()
        self._meet(label, "after")
        return result

    def _meet(self, label: str, when: str) -> None:
        step = self._step
        here = getattr(NamedRunner.here, "function", "")
        if step is None or (step.port, step.when, step.function) != (label, when, here):
            return
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os._exit(KILLED)


class _Deadly:
    def __init__(self, port: Any, name: str, fate: Fate) -> None:
        self._port, self._name, self._fate = port, name, fate

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self._port, attribute)
        if not callable(found):
            return found
        return lambda *args, **kwargs: self._fate.around(f"{self._name}.{attribute}", lambda: found(*args, **kwargs))
