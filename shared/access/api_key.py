"""API keys: shown once when they are made, kept as hashes, compared in constant time."""

import hashlib
import hmac
import secrets

from shared.kernel.errors import Refused

PREFIX = "reauto_"


class BadKey(Refused):
    """The key opens nothing."""


def new_key() -> str:
    """A fresh key: 256 random bits behind a prefix by which a leaked one is recognised."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(key: str) -> str:
    """What is kept of a key: SHA-256 in hex. Keys are random and long, so a slow hash would add nothing."""
    return hashlib.sha256(key.encode()).hexdigest()


def check_bearer(header: str | None, *, key_hash: str) -> None:
    """Let a request pass whose ``Authorization`` header carries the key.

    Raises:
        BadKey: The header is missing, is no bearer token, or carries another key.
    """
    scheme, _, key = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(hash_of(key.strip()), key_hash):
        raise BadKey("the request carries no valid API key: send Authorization: Bearer KEY")
