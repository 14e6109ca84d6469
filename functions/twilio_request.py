"""A request that claims to come from the carrier: its signature first, then its fields. Light to import."""

import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from functions.carrier_doors import CarrierAccess
from shared.adapters.twilio.signatures import Form, is_signed
from shared.kernel.errors import Malformed
from shared.kernel.ids import AttemptId

LONGEST_BODY = 64 * 1024
MOST_FIELDS = 200
FORBIDDEN = {"statusCode": 403, "headers": {"Content-Type": "text/plain"}, "body": "forbidden"}
NOT_FOUND = {"statusCode": 404, "headers": {"Content-Type": "text/plain"}, "body": "not found"}
NO_CONTENT = {"statusCode": 204, "headers": {}, "body": ""}


@dataclass(frozen=True, kw_only=True)
class TwilioRequest:
    """A signed callback: its last path segments, and its form."""

    kind: str
    attempt_id: AttemptId
    fields: dict[str, str]

    @property
    def sid(self) -> str:
        """The carrier's id of the call."""
        return self.fields.get("CallSid", "")


def read_signed(event: dict[str, Any], access: CarrierAccess) -> TwilioRequest | None:
    """The request, or ``None`` when nobody with our token signed it.

    The signed address is the configured one with the event's path; host and stage of the event prove nothing.

    Raises:
        Malformed: The body is no form, or too long.
    """
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    form = _form(event)
    path = event["path"]
    is_ours = is_signed(
        tokens=access.carrier_tokens,
        url=access.public_base_url.rstrip("/") + path,
        form=form,
        signature=headers.get("x-twilio-signature", ""),
        settings=headers.get("x-twilio-webhooks-signature-settings", ""),
    )
    if not is_ours:
        return None
    kind, attempt_id = path.rsplit("/", 2)[-2:]
    return TwilioRequest(kind=kind, attempt_id=AttemptId(attempt_id), fields=form.fields())


def twiml(document: str) -> dict[str, Any]:
    """An answer in TwiML."""
    return {"statusCode": 200, "headers": {"Content-Type": "text/xml; charset=utf-8"}, "body": document}


def _form(event: dict[str, Any]) -> Form:
    body = event.get("body") or ""
    is_encoded = bool(event.get("isBase64Encoded"))
    if len(body) > (LONGEST_BODY * 4 // 3 if is_encoded else LONGEST_BODY):
        raise Malformed("the body is longer than 64 KB")
    try:
        text = base64.b64decode(body).decode() if is_encoded else body
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Malformed("the body is no form") from error
    if not all(name for name, _ in pairs):  # the signature would not show them
        raise Malformed("a field has no name")
    return Form(pairs)
