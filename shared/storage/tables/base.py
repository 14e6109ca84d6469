"""What every table is made of: one metadata, and the few kinds of column."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, MetaData, Text, Uuid

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)


def key(name: str = "id") -> Column[str]:
    """A row's own id."""
    return Column(name, Uuid(as_uuid=False), primary_key=True)


def reference(name: str, target: str, *, is_key: bool = False, is_optional: bool = False) -> Column[str]:
    """The id of a row of another table."""
    return Column(name, Uuid(as_uuid=False), ForeignKey(target), primary_key=is_key, nullable=is_optional)


def moment(name: str, *, is_optional: bool = False) -> Column[datetime]:
    """An instant. It is always told by the caller, never taken from the server's clock."""
    return Column(name, DateTime(timezone=True), nullable=is_optional)


def phone(name: str = "phone") -> Column[str]:
    """A number in E.164; the table adds ``is_phone`` for it."""
    return Column(name, Text, nullable=False)


def is_phone(name: str = "phone") -> CheckConstraint:
    """The column holds E.164 and nothing else."""
    return CheckConstraint(rf"{name} ~ '^\+[1-9][0-9]{{6,14}}$'", name=name)


def one_of(name: str, words: type[StrEnum] | Iterable[str]) -> CheckConstraint:
    """The column holds one of the words."""
    quoted = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{name} in ({quoted})", name=name)


def words(name: str, *, is_optional: bool = False) -> Column[Any]:
    """Text of any length."""
    return Column(name, Text, nullable=is_optional)
