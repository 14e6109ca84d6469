"""Signatures of what the carrier sends: HMAC-SHA1 over the address and the sorted parameters."""

import base64
import hashlib
import hmac
from collections.abc import Iterable


def sign(auth_token: str, url: str, parameters: Iterable[tuple[str, str]] = ()) -> str:
    """The value of ``X-Twilio-Signature``.

    ``parameters`` are those of a form body; a GET request has none, its query is part of ``url``.
    The fragment of ``url`` is not signed. Equal pairs count once.
    """
    text = url.partition("#")[0] + "".join(name + value for name, value in sorted(set(parameters)))
    digest = hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
