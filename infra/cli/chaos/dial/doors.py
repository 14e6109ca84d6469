"""The functions as the world reaches them: messages that come again and again, requests of the carrier, schedules."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from functions import (
    answer_call,
    check_numbers,
    close_call,
    dial_lead,
    dispatch_leads,
    fold_status,
    receive_status,
    reconcile_calls,
    recover_call,
    settle_costs,
    stop_calls,
    true_up_costs,
)
from functions.bootstrap import Services
from infra.cli.chaos.dial.faults import Crash, Dice
from infra.cli.chaos.dial.findings import Findings, Wrong
from infra.cli.chaos.dial.hazard import Hazard
from infra.cli.chaos.dial.timeline import Timeline
from infra.cli.chaos.dial.wiring import PUBLIC, TOKEN, Wiring
from shared.kernel.errors import Conflict, Malformed, NotFound, ReautoError, Refused
from shared.kernel.outbox import NewMessage

Handle = Callable[[dict[str, Any], Services], dict[str, Any]]
CONSUMERS: Mapping[str, Handle] = {
    "dial": dial_lead.handle,
    "status": fold_status.handle,
    "reconcile": reconcile_calls.handle,
    "close": close_call.handle,
    "settle": settle_costs.handle,
    "dispatch": dispatch_leads.handle,
    "check_number": check_numbers.handle,
    "stop": stop_calls.handle,
    "true_up": true_up_costs.handle,
}
UNFORESEEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    RuntimeError,
    TypeError,
    ValueError,
)
MOST_RECEIVES = 5
REDRIVEN_AFTER_SECONDS = 300.0
HIDDEN_SECONDS = (5.0, 40.0)
TWICE_SECONDS = (0.0, 200.0)
LATE_SECONDS = (5.0, 60.0)


@dataclass(kw_only=True)
class Doors:
    """Runs functions over dangerous ports. A crash ends a visit as the death of a process would."""

    wiring: Wiring
    dice: Dice
    timeline: Timeline
    hazard: Hazard
    findings: Findings
    consumers: Mapping[str, Handle]
    visited: Callable[[], None]
    handled: int = 0

    def __post_init__(self) -> None:
        self._validator = RequestValidator(TOKEN)

    def put(self, message: NewMessage) -> None:
        """A message was written: it is taken soon after it is due, sometimes late, out of order, or twice."""
        if message.topic not in self.consumers:
            return
        due = max(message.available_at or self.timeline.now(), self.timeline.now())
        way = LATE_SECONDS if self.dice.happens(self.dice.faults.message_late) else (0.01, 1.5)
        body = _sent(message.body)
        self.timeline.at(due + _seconds(self.dice.between(*way)), lambda: self._take(message.topic, body, 1))

    def tick(self, function: str, handle: Handle) -> None:
        """A schedule fires."""
        self._visit(function, lambda: handle({}, self.wiring.services))

    def ask(self, door: str, attempt_id: str, form: Mapping[str, str]) -> str | None:
        """The TwiML that the carrier gets, ``None`` when nobody answers in time."""
        handle = {"answer": answer_call.handle, "recover": recover_call.handle}[door]
        answer = self._visit(door, lambda: handle(self._request(door, attempt_id, form), self.wiring.answering))
        return str(answer["body"]) if answer and answer["statusCode"] == 200 else None

    def tell(self, kind: str, attempt_id: str, form: Mapping[str, str]) -> None:
        """A callback arrives; one that is not accepted is lost."""
        self._visit(
            "callback", lambda: receive_status.handle(self._request(kind, attempt_id, form), self.wiring.receiving)
        )

    def take_now(self, topic: str, body: dict[str, Any]) -> None:
        """A message arrives at this moment, for the first time."""
        self._take(topic, body, 1)

    def _take(self, topic: str, body: dict[str, Any], receives: int) -> None:
        """Handle a message as ``functions.entry`` does; it is forgotten when it was dealt with."""
        handle = self.consumers[topic]
        outcome = self._visit(topic, lambda: handle(dict(body), self.wiring.services), receives=receives)
        if outcome is None and receives < MOST_RECEIVES:
            again = self.dice.between(*HIDDEN_SECONDS)
            self.timeline.after(again, lambda: self._take(topic, body, receives + 1))
        elif outcome is None:
            self.timeline.after(REDRIVEN_AFTER_SECONDS, lambda: self._take(topic, body, 1))
        elif self.dice.happens(self.dice.faults.message_twice):
            self.timeline.after(self.dice.between(*TWICE_SECONDS), lambda: self._take(topic, body, 2))

    def _visit(self, function: str, run: Callable[[], dict[str, Any]], *, receives: int = 1) -> dict[str, Any] | None:
        """What the function answered, ``None`` when it did not come to an end that the caller would take."""
        self.handled += 1
        try:
            return self.hazard.visited(function, run)
        except Crash:
            return None
        except (Refused, NotFound):
            return {"statusCode": 409}
        except Conflict:
            return {"statusCode": 409} if receives > 1 else None
        except Malformed as error:
            self.findings.found(Wrong.BROKE, f"{function}: {error}")
            return {"statusCode": 400}
        except ReautoError:
            return None
        except UNFORESEEN as error:
            self.findings.found(Wrong.BROKE, f"{function}: {type(error).__name__}: {error}")
            return None
        finally:
            self.visited()

    def _request(self, kind: str, attempt_id: str, form: Mapping[str, str]) -> dict[str, Any]:
        """What API Gateway makes of a signed request of the carrier."""
        path = f"/v1/twilio/{kind}/{attempt_id}"
        signature = self._validator.compute_signature(PUBLIC + path, dict(form))
        return {
            "resource": path,
            "path": path,
            "httpMethod": "POST",
            "headers": {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"},
            "queryStringParameters": None,
            "pathParameters": None,
            "requestContext": {"stage": "live", "identity": {"sourceIp": "127.0.0.1"}},
            "body": urlencode(form),
            "isBase64Encoded": False,
        }


def _sent(body: Mapping[str, Any]) -> dict[str, Any]:
    """What arrives of a body: the way through JSON is spared for one that is nothing but text."""
    for name, value in body.items():
        if type(name) is not str or type(value) is not str:
            arrived: dict[str, Any] = json.loads(json.dumps(body))
            return arrived
    return dict(body)


def _seconds(many: float) -> timedelta:
    return timedelta(seconds=many)
