"""Bring a database to a version of the schema, from wherever the project is installed."""

from importlib.util import find_spec
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from shared.kernel.errors import Unavailable
from shared.storage.engine import make_engine

ALEMBIC = Lock()  # its context is one for the whole process


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate the database forward. Several at once wait for each other; safe to repeat.

    Raises:
        Unavailable: The database cannot be reached.
    """
    _run(url, revision, is_forward=True)


def downgrade(url: str, revision: str) -> None:
    """Migrate the database back to ``revision`` (``base`` empties it).

    Raises:
        Unavailable: The database cannot be reached.
    """
    _run(url, revision, is_forward=False)


def current(url: str) -> str | None:
    """The revision that the database is at, ``None`` before the first migration.

    Raises:
        Unavailable: The database cannot be reached.
    """
    engine = make_engine(url, pool_size=1)
    try:
        with engine.connect() as db:
            return MigrationContext.configure(db).get_current_revision()
    finally:
        engine.dispose()


def newest() -> str | None:
    """The revision that this program was written for."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def configuration() -> Config:
    """Alembic's settings, without a file.

    Raises:
        Unavailable: The installation lacks the migrations.
    """
    spec = find_spec("migrations")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("the migrations are not installed: install the project again")
    config = Config()
    config.set_main_option("script_location", spec.submodule_search_locations[0].replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _run(url: str, revision: str, *, is_forward: bool) -> None:
    engine = make_engine(url, pool_size=1, application_name="reauto-migrate", timeouts=False)
    config = configuration()
    try:
        with ALEMBIC, engine.connect() as db:
            config.attributes["connection"] = db
            if is_forward:
                command.upgrade(config, revision)
            else:
                command.downgrade(config, revision)
    finally:
        engine.dispose()
