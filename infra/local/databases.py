"""The project's databases on a server: made when missing, migrated, with a login for the voice node."""

from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from shared.kernel.errors import Unavailable
from shared.storage.engine import normalised


def with_name(url: str, name: str) -> str:
    """The address of another database on the same server."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))


def ensure_database(server_url: str, name: str, *, fresh: bool) -> str:
    """The address of database ``name``, which is made if it is missing; ``fresh`` empties an existing one.

    Raises:
        Malformed: ``server_url`` is no address of a PostgreSQL database.
        Unavailable: The server cannot be reached, or does not let this user make databases.
    """
    server_url = normalised(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(server_url, autocommit=True, connect_timeout=5) as db:
            if fresh:
                db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        where = urlsplit(server_url).netloc.rpartition("@")[2]
        raise Unavailable(f"the database server at {where} cannot be used: {reason}") from error
    return with_name(server_url, name)
