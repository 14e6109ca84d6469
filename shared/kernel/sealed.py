"""Sealed text: anybody may carry it, nobody without the secret can make or change it."""

import base64
import binascii
import hmac
from hashlib import sha256

from shared.kernel.errors import Refused


class BadSeal(Refused):
    """The text was not sealed by us for this purpose, or was changed on its way."""


def seal(secret: str, body: bytes, *, purpose: str) -> str:
    """``body.mac`` in URL-safe base64; what is sealed for one ``purpose`` is good for no other."""
    return f"{_encoded(body)}.{_encoded(_mac(secret, purpose, body))}"


def unseal(secret: str, text: str, *, purpose: str) -> bytes:
    """What was sealed.

    Raises:
        BadSeal: The seal does not fit.
    """
    body_text, _, mac_text = text.partition(".")
    try:
        body, mac = _decoded(body_text), _decoded(mac_text)
    except (binascii.Error, ValueError) as error:
        raise BadSeal(f"this {purpose} cannot be read") from error
    if not hmac.compare_digest(_mac(secret, purpose, body), mac):
        raise BadSeal(f"this {purpose} is not ours")
    return body


def _mac(secret: str, purpose: str, body: bytes) -> bytes:
    return hmac.new(secret.encode(), b"sealed|" + purpose.encode() + b"|" + body, sha256).digest()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
