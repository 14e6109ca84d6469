"""Users of the database server, each with one of the two roles."""

from typing import Literal

from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from shared.kernel.errors import Refused
from shared.storage.engine import make_engine, normalised

Role = Literal["reauto_app", "reauto_node"]


def ensure_login(url: str, user: str, password: str, role: Role) -> None:
    """Let ``user`` log in with ``password`` and do what ``role`` may, and no more. Safe to repeat.

    ``url`` is the migrated database, as someone who may create users.

    Raises:
        Refused: Whoever ``url`` names may not create users.
        Unavailable: The database cannot be reached.
    """
    name = sql.Identifier(user)
    rights = sql.SQL("{} role {} login nosuperuser nocreatedb nocreaterole inherit password {}")
    engine = make_engine(url, pool_size=1)
    try:
        with engine.begin() as db:
            driver = db.connection.driver_connection
            assert driver is not None
            is_known = driver.execute("select from pg_roles where rolname = %s", (user,)).rowcount
            driver.execute(rights.format(sql.SQL("alter" if is_known else "create"), name, sql.Literal(password)))
            driver.execute(sql.SQL("grant {} to {}").format(sql.Identifier(role), name))
    except InsufficientPrivilege as error:
        raise Refused("whoever DATABASE_URL names may not create database users") from error
    finally:
        engine.dispose()


def login_url(url: str, user: str, password: str) -> str:
    """The address of the same database for another user."""
    changed = normalised(url).set(drivername="postgresql", username=user, password=password)
    return changed.render_as_string(hide_password=False)
