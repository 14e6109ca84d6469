"""Indexes put aside while many rows are written, and made again afterwards, which is far less work."""

from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import sql

OF_TABLE: LiteralString = """
select c.relname as name, pg_get_indexdef(i.indexrelid) as definition, pg_get_constraintdef(k.oid) as constraint
from pg_index i join pg_class c on c.oid = i.indexrelid left join pg_constraint k on k.conindid = i.indexrelid
  and k.conrelid = i.indrelid
where i.indrelid = %s::regclass and not i.indisprimary order by c.relname
"""


@dataclass(frozen=True, kw_only=True)
class PutAside:
    """An index that is away; ``constraint`` is what it enforced, if it did for a constraint."""

    table: str
    name: str
    definition: str
    constraint: str | None


def put_aside(database_url: str, table: str) -> list[PutAside]:
    """Drop every index of a table but that of its primary key."""
    with psycopg.connect(database_url) as db:
        away = [
            PutAside(table=table, name=name, definition=definition, constraint=constraint)
            for name, definition, constraint in db.execute(OF_TABLE, [table])
        ]
        for each in away:
            db.execute(_dropping(each))
    return away


def make_again(database_url: str, away: list[PutAside]) -> None:
    """Build the indexes of one table as they were."""
    with psycopg.connect(database_url, autocommit=True) as db:
        db.execute("set maintenance_work_mem = '512MB'")
        db.execute("set max_parallel_maintenance_workers = 0")  # the other table is built beside this one
        for each in away:
            db.execute(_making(each))


def _dropping(each: PutAside) -> sql.Composed:
    table, name = sql.Identifier(each.table), sql.Identifier(each.name)
    if each.constraint:
        return sql.SQL("alter table {} drop constraint {}").format(table, name)
    return sql.SQL("drop index {}").format(name)


def _making(each: PutAside) -> str:
    if each.constraint is None:
        return each.definition
    return f'alter table "{each.table}" add constraint "{each.name}" {each.constraint}'
