"""``AlertSink`` over the log, an outgoing webhook, and several sinks at once."""

import json
import logging
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any
from urllib.request import Request, urlopen

from shared.costs.alert import Alert, AlertSink, Level
from shared.kernel.errors import Malformed, Unavailable

PATIENCE_SECONDS = 5.0
LOG_LEVELS = {Level.WARNING: logging.WARNING, Level.CRITICAL: logging.ERROR, Level.EMERGENCY: logging.CRITICAL}

logger = logging.getLogger("reauto.money")


class LogAlerts:
    """Writes alerts to the log."""

    def send(self, alert: Alert) -> None:
        facts = {"key": alert.key, "level": alert.level.value, "kind": alert.kind, "reason": alert.reason}
        logger.log(LOG_LEVELS[alert.level], "money alert", extra=facts | {"evidence": dict(alert.evidence)})


class WebhookAlerts:
    """Posts alerts as JSON to one address; ``text`` is what chat programs show.

    Raises:
        Malformed: The address is none of the web.
    """

    def __init__(self, url: str) -> None:
        if not url.startswith(("https://", "http://")):
            raise Malformed("the address of the alert webhook begins with https:// or http://")
        self._url = url

    def send(self, alert: Alert) -> None:
        request = Request(  # noqa: S310 - the address is checked above
            self._url,
            data=json.dumps(_body(alert)).encode(),
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        try:
            with urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - as above
                answer.read()
        except (OSError, HTTPException) as error:
            raise Unavailable(f"the alert webhook failed ({type(error).__name__})") from error


class AllAlerts:
    """Sends to every sink; where one fails the others are told all the same, and again with the repetition."""

    def __init__(self, sinks: Sequence[AlertSink]) -> None:
        self._sinks = sinks

    def send(self, alert: Alert) -> None:
        failures = []
        for sink in self._sinks:
            try:
                sink.send(alert)
            except Unavailable as error:
                failures.append(error)
        if failures:
            raise failures[0]


def _body(alert: Alert) -> dict[str, Any]:
    return {
        "text": f"{alert.level.value}: {alert.reason}",
        "key": alert.key,
        "level": alert.level.value,
        "kind": alert.kind,
        "at": alert.at.isoformat(),
        "seller_id": alert.seller_id,
        "reason": alert.reason,
        "evidence": dict(alert.evidence),
    }
