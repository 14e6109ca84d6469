"""What Alembic runs: one transaction, one migrator at a time, and no waiting behind a busy table."""

from alembic import context
from sqlalchemy import Connection, text

from shared.storage.engine import make_engine
from shared.storage.tables import metadata

ONE_MIGRATOR = 7_243_160_915  # any number, as long as nothing else locks it


def migrate(db: Connection) -> None:
    """Bring the database to the wanted revision."""
    context.configure(connection=db, target_metadata=metadata, compare_server_default=True)
    with context.begin_transaction():
        db.execute(text("select pg_advisory_xact_lock(:number)"), {"number": ONE_MIGRATOR})
        db.execute(text("set local lock_timeout = '5s'"))
        db.execute(text("set local statement_timeout = '60s'"))
        context.run_migrations()


def migrate_from_command_line() -> None:
    """``alembic -x url=postgresql://… upgrade head``."""
    url = context.get_x_argument(as_dictionary=True).get("url", "")
    engine = make_engine(url, pool_size=1, application_name="reauto-migrate", timeouts=False)
    with engine.connect() as db:
        migrate(db)


given = context.config.attributes.get("connection")
if given is None:
    migrate_from_command_line()
else:
    migrate(given)
