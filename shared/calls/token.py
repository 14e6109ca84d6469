"""The call token: lets one media stream reach one worker for one attempt, for a minute."""

import hmac
from datetime import UTC, datetime
from hashlib import sha256

from shared.kernel.errors import Refused
from shared.kernel.ids import AttemptId


class BadToken(Refused):
    """The token does not open this call."""


def sign_token(secret: str, *, attempt_id: AttemptId, worker: str, epoch: str, expires_at: datetime) -> str:
    """``expiry.mac``: the expiry in Unix seconds, and an HMAC-SHA256 over it and what it is good for."""
    expiry = int(expires_at.astimezone(UTC).timestamp())
    return f"{expiry}.{_mac(secret, attempt_id, worker, epoch, expiry)}"


def check_token(secret: str, token: str, *, attempt_id: AttemptId, worker: str, epoch: str, now: datetime) -> None:
    """Let the token's bearer in, or not.

    Raises:
        BadToken: Forged, meant for another attempt or worker or an earlier life of it, or expired.
    """
    text, _, mac = token.partition(".")
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):
        raise BadToken(f"attempt {attempt_id}: the call token cannot be read")
    expected = _mac(secret, attempt_id, worker, epoch, int(text))
    if not hmac.compare_digest(expected.encode(), mac.encode()):
        raise BadToken(f"attempt {attempt_id}: the call token does not fit")
    if now >= datetime.fromtimestamp(int(text), UTC):
        raise BadToken(f"attempt {attempt_id}: the call token has expired")


def _mac(secret: str, attempt_id: AttemptId, worker: str, epoch: str, expiry: int) -> str:
    fields = "|".join(f"{len(part)}:{part}" for part in (attempt_id, worker, epoch, str(expiry)))
    return hmac.new(secret.encode(), fields.encode(), sha256).hexdigest()
