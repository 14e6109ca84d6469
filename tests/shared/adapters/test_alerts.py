"""Where alerts go: the log, an outgoing webhook, several sinks at once."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from logging.handlers import BufferingHandler
from threading import Thread
from typing import Any

import pytest

from shared.adapters.alerts import AllAlerts, LogAlerts, WebhookAlerts
from shared.adapters.memory import MemoryAlertSink
from shared.costs import Alert, Level
from shared.kernel.errors import Malformed, Unavailable
from shared.kernel.ids import SellerId

ALERT = Alert(
    id="a1",
    key="limit:1",
    level=Level.CRITICAL,
    kind="limit",
    at=datetime(2026, 3, 4, 18, tzinfo=UTC),
    reason="the seller day limit of $5.0000 is used to 96%",
    seller_id=SellerId("harbor"),
    evidence={"limit_micro_usd": 5_000_000},
)


@contextmanager
def listener(status: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A web server that notes what it is sent, and its address."""
    heard: list[dict[str, Any]] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Ear) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/hook", heard
        finally:
            server.shutdown()
            thread.join()


def test_a_webhook_gets_the_alert_and_a_line_for_people() -> None:
    with listener(200) as (url, heard):
        WebhookAlerts(url).send(ALERT)

    assert heard == [
        {
            "text": "critical: the seller day limit of $5.0000 is used to 96%",
            "key": "limit:1",
            "level": "critical",
            "kind": "limit",
            "at": "2026-03-04T18:00:00+00:00",
            "seller_id": "harbor",
            "reason": "the seller day limit of $5.0000 is used to 96%",
            "evidence": {"limit_micro_usd": 5_000_000},
        }
    ]


def test_a_webhook_that_fails_or_is_gone_is_told_again_later() -> None:
    with listener(500) as (url, _), pytest.raises(Unavailable):
        WebhookAlerts(url).send(ALERT)
    with pytest.raises(Unavailable):
        WebhookAlerts(url).send(ALERT)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "hooks.example.com", "ftp://example.com"])
def test_only_addresses_of_the_web_are_posted_to(url: str) -> None:
    with pytest.raises(Malformed):
        WebhookAlerts(url)


def test_the_log_says_it_as_loud_as_it_is() -> None:
    note, logger = BufferingHandler(capacity=9), logging.getLogger("reauto.money")
    logger.addHandler(note)
    try:
        LogAlerts().send(ALERT)
    finally:
        logger.removeHandler(note)

    [record] = note.buffer
    assert (record.levelno, record.getMessage()) == (logging.ERROR, "money alert")


def test_one_deaf_sink_keeps_nothing_from_the_others() -> None:
    deaf, first, last = MemoryAlertSink(), MemoryAlertSink(), MemoryAlertSink()
    deaf.is_away = True

    with pytest.raises(Unavailable):
        AllAlerts([first, deaf, last]).send(ALERT)
    assert first.told == last.told == [ALERT]
    AllAlerts([first, last]).send(ALERT)
    assert first.told == [ALERT, ALERT]
