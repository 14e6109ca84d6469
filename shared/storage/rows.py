"""From a frozen dataclass to a row and back, where both use the same names."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, timedelta
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Noun = TypeVar("Noun", bound=DataclassInstance)


def row_of(noun: "DataclassInstance") -> dict[str, Any]:
    """Its fields by name."""
    return {name: getattr(noun, name) for name in names_of(type(noun))}


def values_of(row: Mapping[Any, Any], noun: "type[DataclassInstance]") -> dict[str, Any]:
    """The columns that ``noun`` has fields for."""
    return {name: row[name] for name in names_of(noun)}


def noun_of(row: Mapping[Any, Any], noun: "type[Noun]", words: Mapping[str, Any]) -> "Noun":
    """The noun that a row tells of; ``words`` are said of it instead of the columns of those names.

    Nothing of it runs: a frozen dataclass sets its fields one by one, which takes longer than the driver takes over the
    row. Only for nouns that check nothing when they are made.
    """
    made = object.__new__(noun)
    names = names_of(noun)
    vars(made).update(zip(names, itemgetter(*names)(row), strict=True), **words)
    return made


@cache
def names_of(noun: "type[DataclassInstance]") -> tuple[str, ...]:
    """The names of its fields."""
    return tuple(field.name for field in fields(noun))


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON values, which ``jsonb_populate_record`` and its like read as the table's own."""
    return {name: _told(value) for name, value in row.items()}


def _told(value: Any) -> Any:
    if isinstance(value, date):  # moments, too
        return value.isoformat()
    return f"{value.total_seconds()} seconds" if isinstance(value, timedelta) else value


def add_once(db: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Write one row unless it is there; whether it was new. Needs no right to read the table."""
    add = insert(table).values(row).on_conflict_do_nothing()
    return db.execute(add, execution_options={"preserve_rowcount": True}).rowcount == 1


def put_row(db: Connection, table: Table, row: dict[str, Any]) -> None:
    """Write one row, over the one that has its key."""
    keys = [column.name for column in table.primary_key]
    changed = {name: value for name, value in row.items() if name not in keys}
    db.execute(insert(table).values(row).on_conflict_do_update(index_elements=keys, set_=changed))
