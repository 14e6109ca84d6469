"""What every handler shares: logging, wiring, and errors turned into answers.

error          HTTP                    SQS                                schedule
Refused        409 with the reason     acknowledge                        log
NotFound       404                     acknowledge, log as an error       raise
Conflict       409                     retry once                         log
Malformed      400                     fail until it is a dead letter     raise
Unavailable    503                     fail: it comes again               raise
any other      500                     fail: it comes again               raise
"""

import json
import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from functions.bootstrap import Services, services
from shared.kernel.errors import Conflict, Malformed, NotFound, ReautoError, Refused, Unavailable
from shared.logs import without_rows

Event = dict[str, Any]
Answer = dict[str, Any]
Handler = Callable[[Event, Services], Answer]
LambdaHandler = Callable[[Event, Any], Answer]

HTTP_STATUS: tuple[tuple[type[ReautoError], int, str], ...] = (
    (Refused, 409, "Refused"),
    (NotFound, 404, "Not found"),
    (Conflict, 409, "Conflict"),
    (Malformed, 400, "Malformed"),
    (Unavailable, 503, "Unavailable"),
)


EXCEPTIONS = {"exception", "stack_trace"}


class Formatter(LambdaPowertoolsFormatter):
    """Powertools' JSON lines without personal data."""

    def serialize(self, log: Mapping[str, Any]) -> str:
        """The line; keys under ``pii.``, and rows that the database quotes in its errors, stay out of it."""
        kept = {key: value for key, value in log.items() if not key.startswith("pii.")}
        for key in EXCEPTIONS & kept.keys():
            kept[key] = _without_rows(kept[key])
        return super().serialize(kept)


def _without_rows(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: _without_rows(value) for key, value in told.items()}
    return without_rows(str(told)) if isinstance(told, str | BaseException) else told


logger = Logger(service="reauto", logger_formatter=Formatter(), log_uncaught_exceptions=False)
logging.getLogger("reauto").propagate = False  # the root logger would print every line again


def entry(handle: Handler) -> LambdaHandler:
    """Dress a plain ``handle(event, services)`` as a Lambda handler.

    Messages of a queue reach ``handle`` one by one, as their bodies; HTTP and schedule events as they are.
    """

    @wraps(handle)
    def lambda_handler(event: Event, context: Any) -> Answer:
        logger.thread_safe_append_keys(function=handle.__module__, request=getattr(context, "aws_request_id", ""))
        if "Records" in event:
            return _messages(handle, event)
        if "httpMethod" in event:
            return _request(handle, event)
        answer = _scheduled(handle, event)
        logger.info("done", extra=answer)
        return answer

    return lambda_handler


def problem(status: int, title: str, detail: str) -> Answer:
    """An HTTP answer that says what is wrong (RFC 9457)."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return {"statusCode": status, "headers": {"Content-Type": "application/problem+json"}, "body": json.dumps(body)}


def http_status(error: ReautoError) -> tuple[int, str]:
    """The status and title that an error is answered with."""
    for kind, status, title in HTTP_STATUS:
        if isinstance(error, kind):
            return status, title
    return 500, "Internal error"


def _request(handle: Handler, event: Event) -> Answer:
    try:
        answer = handle(event, services())
    except ReautoError as error:
        status, title = http_status(error)
        logger.warning("request refused", extra={"status": status, "kind": type(error).__name__})
        return problem(status, title, str(error))
    except Exception:
        logger.exception("request failed")
        return problem(500, "Internal error", "The request could not be handled; it was logged.")
    logger.info("request answered", extra={"status": answer["statusCode"]})
    return answer


def _scheduled(handle: Handler, event: Event) -> Answer:
    try:
        return handle(event, services())
    except (Refused, Conflict) as error:
        logger.warning("refused", extra={"kind": type(error).__name__})
        return {"refused": type(error).__name__}


def _messages(handle: Handler, event: Event) -> Answer:
    failed = [record["messageId"] for record in event["Records"] if not _is_dealt_with(handle, record)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _is_dealt_with(handle: Handler, record: Mapping[str, Any]) -> bool:
    """Handle one message; whether the queue may forget it."""
    receives = int(record.get("attributes", {}).get("ApproximateReceiveCount", "1"))
    about = {"message_id": record["messageId"], "receives": receives}
    try:
        logger.info("message handled", extra={**about, **handle(_body(record), services())})
    except (Refused, NotFound) as error:
        log = logger.error if isinstance(error, NotFound) else logger.warning
        log("message refused", extra={**about, "kind": type(error).__name__})
    except Conflict as error:
        logger.warning("message came second", extra={**about, "kind": type(error).__name__})
        return receives > 1
    except Exception as error:
        logger.exception("message failed", extra={**about, "kind": type(error).__name__})
        return False
    return True


def _body(record: Mapping[str, Any]) -> Event:
    try:
        body = json.loads(record["body"])
    except ValueError as error:
        raise Malformed("the message is not JSON") from error
    if not isinstance(body, dict):
        raise Malformed("the message is not a JSON object")
    return body
