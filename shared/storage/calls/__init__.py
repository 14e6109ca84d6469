"""Attempts, decisions and callbacks in PostgreSQL."""

from shared.storage.calls.repository import SqlCallRepository

__all__ = ["SqlCallRepository"]
