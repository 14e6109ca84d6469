"""The carrier's identifiers: two letters and 32 hexadecimal digits."""

import hashlib
import secrets


def new_sid(prefix: str) -> str:
    """A fresh identifier, for example ``CA`` and 32 digits for a call."""
    return prefix + secrets.token_hex(16)


def sid_of(prefix: str, name: str) -> str:
    """The identifier that always belongs to ``name``."""
    return prefix + hashlib.sha256(name.encode()).hexdigest()[:32]
