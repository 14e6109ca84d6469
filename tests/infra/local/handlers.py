"""Functions of a small stack, as ``small_template.yaml`` names them."""

import threading
import time
from typing import Any

seen: list[dict[str, Any]] = []
contexts: list[Any] = []
gate = threading.Event()


def echo(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer with what came."""
    contexts.append(context)
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "text/plain"},
        "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]},
        "body": f"{event['resource']} {event['pathParameters']} {event['body']}",
    }


def breaks(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Fail."""
    raise RuntimeError("the handler is broken")


def not_http(event: dict[str, Any], context: Any) -> str:
    """Answer with something that is not HTTP."""
    return "hello"


def sleeps(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Take longer than the function may."""
    time.sleep(1.5)
    return {"statusCode": 200}


def note(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Remember the event; give back the messages whose body says so, or says nothing."""
    seen.append(event)
    records = event.get("Records", ())
    poisoned = [record["messageId"] for record in records if "poison" in record["body"]]
    unreadable = [record["messageId"] for record in records if "gibberish" in record["body"]]
    failures = [{"itemIdentifier": message_id} for message_id in poisoned + unreadable]
    return {"batchItemFailures": failures, "malformed": unreadable}


def waits(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Wait until the gate opens."""
    gate.wait(10)
    seen.append(event)
    return {"batchItemFailures": []}
