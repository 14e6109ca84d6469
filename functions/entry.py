"""What every handler shares: logging, wiring, and errors turned into answers.

error          HTTP                    SQS                                schedule
Refused        409 with the reason     acknowledge                        log
NotFound       404                     acknowledge, log as an error       raise
Conflict       409                     retry once                         log
Malformed      400                     fail, a dead letter at once (*)    raise
Unavailable    503                     fail: it comes again               raise
any other      500                     fail: it comes again               raise

(*) One machine reads ``malformed`` in the answer and lays such messages aside; SQS knows no such thing and offers them
again until they have been received too often.

Light to import, since the carrier's doors start with it: neither the composition root nor Powertools' batches.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from functions.log import logger as logger
from shared.kernel.errors import Conflict, Malformed, NotFound, ReautoError, Refused, Unavailable
from shared.metrics import Metric, count, counting

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

    from functions.bootstrap import Services
    from shared.metrics import Tally

Event = dict[str, Any]
Answer = dict[str, Any]
S = TypeVar("S")
Handler = Callable[[Event, S], Answer]
Together = Callable[[Sequence[Event], S], Answer]
LambdaHandler = Callable[[Event, Any], Answer]
NO_CONTENT = 204

HTTP_STATUS: tuple[tuple[type[ReautoError], int, str], ...] = (
    (Refused, 409, "Refused"),
    (NotFound, 404, "Not found"),
    (Conflict, 409, "Conflict"),
    (Malformed, 400, "Malformed"),
    (Unavailable, 503, "Unavailable"),
)


def services() -> "Services":
    """What most handlers reach for; whoever imports this module alone pays nothing for it."""
    from functions import bootstrap

    return bootstrap.services()


def entry(
    handle: Handler[S], *, wired: Callable[[], S] | None = None, together: Together[S] | None = None
) -> LambdaHandler:
    """Dress a plain ``handle(event, services)`` as a Lambda handler.

    Messages of a queue reach ``handle`` one by one, as their bodies; HTTP and schedule events as they are.

    Args:
        handle: The door.
        wired: Makes what the door reaches for; without it the services of ``bootstrap``.
        together: Handles the bodies of a whole batch at once. When it fails, ``handle`` gets them one by one, so
            that a poisoned message fails alone.
    """
    door = handle.__module__
    name = door.removeprefix("functions.")

    @wraps(handle)
    def lambda_handler(event: Event, context: Any) -> Answer:
        def once(event: Event) -> Answer:
            return handle(event, (wired or services)())  # type: ignore[arg-type]

        def at_once(bodies: Sequence[Event]) -> Answer:
            return together(bodies, (wired or services)()) if together else {}  # type: ignore[arg-type]

        logger.thread_safe_append_keys(function=door, request=getattr(context, "aws_request_id", ""))
        with counting() as tally:
            count(Metric.INVOCATIONS, function=name)
            try:
                if "Records" in event:
                    if together and _went_well(at_once, event):
                        return {"batchItemFailures": []}
                    return _messages(once, event, door)
                if "httpMethod" in event:
                    return _request(once, event, name)
                return _scheduled(once, event, name)
            finally:
                _write_out(tally)

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


def _request(handle: Callable[[Event], Answer], event: Event, name: str) -> Answer:
    try:
        answer = handle(event)
    except ReautoError as error:
        count(Metric.ERRORS, function=name, kind=type(error).__name__)
        status, title = http_status(error)
        logger.warning("request refused", extra={"status": status, "kind": type(error).__name__})
        return problem(status, title, str(error))
    except Exception as error:
        count(Metric.ERRORS, function=name, kind=type(error).__name__)
        logger.exception("request failed")
        return problem(500, "Internal error", "The request could not be handled; it was logged.")
    status = answer["statusCode"]
    log = logger.debug if status == NO_CONTENT else logger.info  # callbacks come in hundreds, and are kept anyhow
    log("request answered", extra={"status": status})
    return answer


def _scheduled(handle: Callable[[Event], Answer], event: Event, name: str) -> Answer:
    try:
        answer = handle(event)
    except (Refused, Conflict) as error:
        logger.warning("refused", extra={"kind": type(error).__name__})
        answer = {"refused": type(error).__name__}
    except Exception as error:
        count(Metric.ERRORS, function=name, kind=type(error).__name__)
        raise
    logger.info("done", extra=answer)
    return answer


class _Failed(Exception):
    """A message that is offered again."""


def _messages(handle: Callable[[Event], Answer], event: Event, door: str) -> Answer:
    """Handle messages one by one; a poisoned one fails alone."""
    from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType

    malformed: list[str] = []

    def deal_with(record: "SQSRecord") -> None:
        if not _is_dealt_with(handle, record.raw_event, door, malformed):
            raise _Failed(record.message_id)

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    with processor(event["Records"], deal_with):
        processor.process()
    answer: Answer = {**processor.response()}
    return {**answer, "malformed": malformed} if malformed else answer


def _went_well(handle: Callable[[Sequence[Event]], Answer], event: Event) -> bool:
    """Handle all messages at once; whether that went well."""
    try:
        logger.info("messages handled", extra=handle([_body(record) for record in event["Records"]]))
    except Exception as error:
        logger.warning("batch falls apart", extra={"kind": type(error).__name__, "messages": len(event["Records"])})
        return False
    return True


def _is_dealt_with(
    handle: Callable[[Event], Answer], record: Mapping[str, Any], door: str, malformed: list[str]
) -> bool:
    """Handle one message; whether the queue may forget it. Those that nobody can read are added to ``malformed``."""
    receives = int(record.get("attributes", {}).get("ApproximateReceiveCount", "1"))
    about = {"message_id": record["messageId"], "receives": receives}
    name = door.removeprefix("functions.")
    try:
        logger.info("message handled", extra={**about, **handle(_checked(record, door))})
    except (Refused, NotFound) as error:
        log = logger.error if isinstance(error, NotFound) else logger.warning
        log("message refused", extra={**about, "kind": type(error).__name__})
    except Conflict as error:
        logger.warning("message came second", extra={**about, "kind": type(error).__name__})
        return receives > 1
    except Exception as error:
        logger.exception("message failed", extra={**about, "kind": type(error).__name__})
        count(Metric.ERRORS, function=name, kind=type(error).__name__)
        if isinstance(error, Malformed):
            count(Metric.DEAD_LETTERS, function=name)
            malformed.append(record["messageId"])
        return False
    return True


def _checked(record: Mapping[str, Any], door: str) -> Event:
    """The body of a message, in the shape that its door expects."""
    from functions.messages import checked

    return checked(_body(record), door)


def _body(record: Mapping[str, Any]) -> Event:
    try:
        body = json.loads(record["body"])
    except ValueError as error:
        raise Malformed("the message is not JSON") from error
    if not isinstance(body, dict):
        raise Malformed("the message is not a JSON object")
    return body


def _write_out(tally: "Tally") -> None:
    from functions.emf import write_out

    write_out(tally)
