"""Errors become answers: for a client, for a queue, for a schedule."""

import json
import logging
from typing import Any

import pytest

from functions import entry as entry_module
from functions.bootstrap import Services
from functions.entry import entry
from functions.log import Formatter
from functions.messages import checked
from shared.kernel.errors import Conflict, Malformed, NotFound, Refused, Unavailable
from shared.logs import JsonFormatter
from shared.metrics import Metric, count
from tests.functions.desk import Desk, http_event, queue_event


@pytest.fixture(autouse=True)
def services(monkeypatch: pytest.MonkeyPatch) -> Services:
    services = Desk().services
    monkeypatch.setattr(entry_module, "services", lambda: services)
    return services


def raising(error: Exception) -> Any:
    def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
        raise error

    return entry(handle)


def quiet(event: dict[str, Any], services: Services) -> dict[str, Any]:
    return {"seen": event}


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (Refused("no"), 409, "no"),
        (NotFound("nobody"), 404, "nobody"),
        (Conflict("second"), 409, "second"),
        (Malformed("write it so"), 400, "write it so"),
        (Unavailable("away"), 503, "away"),
        (RuntimeError("secret"), 500, "The request could not be handled; it was logged."),
    ],
)
def test_a_client_is_told_what_to_do(error: Exception, status: int, detail: str) -> None:
    answer = raising(error)(http_event("GET", "/v1/x"), None)

    assert answer["statusCode"] == status
    assert answer["headers"] == {"Content-Type": "application/problem+json"}
    body = json.loads(answer["body"])
    assert (body["status"], body["detail"]) == (status, detail)


@pytest.mark.parametrize(
    ("error", "comes_again"),
    [
        (Refused("no"), False),
        (NotFound("nobody"), False),
        (Conflict("second"), True),
        (Unavailable("away"), True),
        (RuntimeError("bug"), True),
    ],
)
def test_a_queue_is_told_whether_the_message_comes_again(error: Exception, comes_again: bool) -> None:
    answer = raising(error)(queue_event({"a": 1}), None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}] if comes_again else []}


def test_a_message_that_nobody_can_read_is_told_apart_from_those_that_come_again() -> None:
    answer = raising(Malformed("unreadable"))(queue_event({"a": 1}), None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}], "malformed": ["m1"]}


def test_whoever_came_second_twice_gives_up() -> None:
    assert raising(Conflict("second"))(queue_event({}, receives=2), None) == {"batchItemFailures": []}


def test_one_bad_message_leaves_the_others_alone() -> None:
    seen = []

    def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
        seen.append(event)
        return {}

    answer = entry(handle)(queue_event({"n": 1}, "not json", "[]", {"n": 2}), None)

    assert answer == {
        "batchItemFailures": [{"itemIdentifier": "m2"}, {"itemIdentifier": "m3"}],
        "malformed": ["m2", "m3"],
    }
    assert seen == [{"n": 1}, {"n": 2}]


def test_a_schedule_survives_a_rule_and_reports_everything_else() -> None:
    assert raising(Refused("no"))({}, None) == {"refused": "Refused"}
    with pytest.raises(Unavailable):
        raising(Unavailable("away"))({}, None)


def test_an_answer_of_a_schedule_is_passed_on() -> None:
    assert entry(quiet)({"x": 1}, None) == {"seen": {"x": 1}}


def test_personal_data_stays_out_of_the_log() -> None:
    record = logging.makeLogRecord({"msg": "message", "pii.phone": "+15125550101", "attempt": "a1"})

    line = json.loads(Formatter().format(record))

    assert (line["message"], line["attempt"]) == ("message", "a1")
    assert not [key for key in line if key.startswith("pii.")]


class Quoting(RuntimeError):
    """A violated constraint, as the database driver tells it."""

    def __str__(self) -> str:
        return "duplicate key\nDETAIL:  Key (phone)=(+15125550101) already exists.\nCONTEXT:  trigger"


def test_rows_that_the_database_quotes_stay_out_of_the_log() -> None:
    record = logging.makeLogRecord({"msg": "message failed", "exc_info": (Quoting, Quoting(), None)})

    for formatter in (Formatter(), JsonFormatter()):
        line = formatter.format(record)
        assert "5125550101" not in line
        assert "duplicate key" in line
        assert "CONTEXT:  trigger" in line
    assert "5125550101" in JsonFormatter(show_personal_data=True).format(record)


def test_what_is_counted_is_written_where_cloudwatch_looks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_DISABLED", "false")

    def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
        count(Metric.DIALS, result="placed")
        count(Metric.DIALS, 2, result="placed")
        raise Unavailable("away")

    entry(handle)(queue_event({}), None)

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    [dials] = [line for line in lines if "Dials" in line]
    told = dials["_aws"]["CloudWatchMetrics"][0]
    assert (dials["Dials"], dials["result"], dials["service"]) == ([3.0], "placed", "reauto")
    assert told["Namespace"] == "REAutomation2"
    assert sorted(sorted(names) for names in told["Dimensions"]) == [["result", "service"], ["service"]]
    [errors] = [line for line in lines if "Errors" in line]
    assert errors["kind"] == "Unavailable"
    watched = errors["_aws"]["CloudWatchMetrics"][0]["Dimensions"]
    by_name = sorted(sorted(names) for names in watched)
    assert by_name == [["function", "kind", "service"], ["function", "service"], ["service"]]
    assert all(line["Invocations"] == [1.0] for line in lines if "Invocations" in line)


def test_a_body_of_another_shape_cannot_be_read() -> None:
    with pytest.raises(Malformed, match="attempt_id"):
        checked({"attempt": "a1"}, "functions.dial_lead")
    with pytest.raises(Malformed, match="version"):
        checked({"attempt_id": "a1", "version": 2}, "functions.dial_lead")
    assert checked({"attempt_id": "a1", "version": 1}, "functions.dial_lead") == {"attempt_id": "a1"}
    assert checked({"anything": 1}, "functions.elsewhere") == {"anything": 1}
