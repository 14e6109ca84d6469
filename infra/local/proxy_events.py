"""HTTP requests as API Gateway's proxy events (payload version 1.0), and a handler's answer as HTTP."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from infra.local.routes import Match
from infra.local.runner import ACCOUNT
from shared.kernel.errors import Malformed
from shared.kernel.ids import new_id

STAGE = "local"
API_ID = "local"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP request: header names as they came, ``query`` without the question mark."""

    method: str
    path: str
    query: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    client: str
    scheme: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One HTTP answer."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


def proxy_event(request: Request, match: Match, *, now: datetime) -> dict[str, Any]:
    """The event that API Gateway hands to a function behind ``AWS_PROXY``.

    Header names are in canonical form (``X-Twilio-Signature``); of a repeated header or query
    parameter the single-value maps hold the last. A body that is not UTF-8 comes in base64.
    """
    headers = _multi(((_canonical(name), value) for name, value in _forwarded(request)))
    query = _multi(parse_qsl(request.query, keep_blank_values=True))
    body, is_base64 = _body_text(request.body)
    return {
        "resource": match.route.event.path,
        "path": request.path,
        "httpMethod": request.method,
        "headers": _last(headers),
        "multiValueHeaders": headers,
        "queryStringParameters": _last(query) or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(match.parameters) or None,
        "stageVariables": None,
        "requestContext": _context(request, match, now=now),
        "body": body,
        "isBase64Encoded": is_base64,
    }


def _context(request: Request, match: Match, *, now: datetime) -> dict[str, Any]:
    request_id = new_id()
    return {
        "accountId": ACCOUNT,
        "apiId": API_ID,
        "stage": STAGE,
        "protocol": "HTTP/1.1",
        "httpMethod": request.method,
        "path": request.path,
        "resourceId": match.route.function.name,
        "resourcePath": match.route.event.path,
        "requestId": request_id,
        "extendedRequestId": request_id,
        "requestTime": now.strftime("%d/%b/%Y:%H:%M:%S %z"),
        "requestTimeEpoch": round(now.timestamp() * 1000),
        "domainName": dict(request.headers).get("host", "localhost"),
        "identity": {"sourceIp": request.client, "userAgent": dict(request.headers).get("user-agent")},
    }


def http_answer(answer: Any) -> Answer:
    """A handler's answer as API Gateway understands it.

    Raises:
        Malformed: It is not a proxy answer.
    """
    if not isinstance(answer, Mapping) or not isinstance(answer.get("statusCode"), int):
        raise Malformed("the function's answer has no statusCode")
    headers = [(name, str(value)) for name, value in (answer.get("headers") or {}).items()]
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        headers = [(other, value) for other, value in headers if other.lower() != name.lower()]
        headers += [(name, str(value)) for value in values]
    body = answer.get("body") or ""
    if not isinstance(body, str):
        raise Malformed("the body of the function's answer is not text")
    try:
        content = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    except ValueError as error:
        raise Malformed("the body of the function's answer is not base64") from error
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    return Answer(status=answer["statusCode"], headers=headers, body=content)


def _forwarded(request: Request) -> Iterable[tuple[str, str]]:
    """The request's headers with those that API Gateway adds."""
    came_from = [value for name, value in request.headers if name.lower() == "x-forwarded-for"]
    yield from (pair for pair in request.headers if pair[0].lower() != "x-forwarded-for")
    yield "X-Forwarded-For", ", ".join([*came_from, request.client])
    if not any(name.lower() == "x-forwarded-proto" for name, _ in request.headers):
        yield "X-Forwarded-Proto", request.scheme


def _canonical(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _multi(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _last(found: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {name: values[-1] for name, values in found.items()}


def _body_text(body: bytes) -> tuple[str | None, bool]:
    if not body:
        return None, False
    try:
        return body.decode(), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), True
