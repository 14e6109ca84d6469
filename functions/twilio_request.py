"""A request that claims to come from the carrier: its signature first, then its fields. Light to import."""

import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from functions.bootstrap import Services
from shared.adapters.twilio.signatures import Form, is_signed
from shared.kernel.errors import Malformed
from shared.kernel.ids import AttemptId

LONGEST_BODY = 64 * 1024
FORBIDDEN = {"statusCode": 403, "headers": {"Content-Type": "text/plain"}, "body": "forbidden"}
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


def read_signed(event: dict[str, Any], services: Services) -> TwilioRequest | None:
    """The request, or ``None`` when nobody with our token signed it.

    The signed address is the configured one with the event's path; host and stage of the event prove nothing.

    Raises:
        Malformed: The body is no form, or too long.
    """
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    form = Form(parse_qsl(_body(event), keep_blank_values=True, max_num_fields=200))
    path = event["path"]
    is_ours = is_signed(
        tokens=services.carrier_tokens,
        url=services.public_base_url.rstrip("/") + path,
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


def _body(event: dict[str, Any]) -> str:
    body = event.get("body") or ""
    if len(body) > LONGEST_BODY * 4 // 3:
        raise Malformed("the body is longer than 64 KB")
    try:
        return base64.b64decode(body).decode() if event.get("isBase64Encoded") else body
    except ValueError as error:
        raise Malformed("the body cannot be decoded") from error
