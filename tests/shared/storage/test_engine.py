"""Failures of the database read in our words, in one line, without secrets."""

import os
import signal
import threading

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from shared.kernel.errors import Malformed, NotFound, Unavailable
from shared.kernel.ids import LeadId, SellerId, new_id
from shared.storage.engine import make_engine, normalised
from shared.storage.leads import SqlLeadRepository
from tests.contracts.backends import Backend
from tests.contracts.nouns import make_lead

SOMEWHERE = "postgresql+psycopg://ada@db.example:5433/reauto"


@pytest.mark.parametrize(
    "url",
    [
        "postgres://ada@db.example:5433/reauto",
        "postgresql://ada@db.example:5433/reauto",
        "postgresql+psycopg2://ada@db.example:5433/reauto",
        SOMEWHERE,
    ],
)
def test_every_way_to_write_the_address_is_understood(url: str) -> None:
    assert str(normalised(url)) == SOMEWHERE


@pytest.mark.parametrize("url", ["", "db.example", "mysql://ada@db.example/reauto", "postgresql://ada@db:port/x"])
def test_what_is_no_address_is_said_so(url: str) -> None:
    with pytest.raises(Malformed, match="DATABASE_URL"):
        make_engine(url)


def test_a_database_that_is_away_is_one_line_without_the_password() -> None:
    leads = SqlLeadRepository(make_engine("postgresql://ada:hunter2@127.0.0.1:1/reauto"))

    with pytest.raises(Unavailable) as failure:
        leads.get(LeadId(new_id()))
    message = str(failure.value)
    assert "127.0.0.1:1/reauto" in message
    assert "hunter2" not in message
    assert "\n" not in message


def test_a_wrong_password_is_one_line(module_database_url: str) -> None:
    engine = make_engine(normalised(module_database_url).set(password="wrong").render_as_string(hide_password=False))

    with pytest.raises(Unavailable, match="password authentication failed"):
        SqlLeadRepository(engine).get(LeadId(new_id()))


def test_ctrl_c_in_the_middle_of_a_statement_stays_ctrl_c(engine: Engine) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        with pytest.raises(KeyboardInterrupt), engine.connect() as db:
            db.execute(text("select pg_sleep(60)"))
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_connection_that_broke_is_unavailable_and_the_next_one_works(backend: Backend, engine: Engine) -> None:
    lead = backend.add_lead()
    with pytest.raises(Unavailable), engine.begin() as db:
        db.execute(text("select pg_terminate_backend(pg_backend_pid())"))

    assert backend.leads.get(lead.id) == lead


def test_a_statement_that_takes_too_long_is_unavailable(engine: Engine) -> None:
    with engine.connect() as db:
        db.execute(text("set statement_timeout = '20ms'"))
        with pytest.raises(Unavailable, match="statement timeout"):
            db.execute(text("select pg_sleep(5)"))


def test_what_refers_to_nothing_is_not_found(backend: Backend) -> None:
    with pytest.raises(NotFound, match="seller_id"):
        backend.leads.save(make_lead(seller_id=SellerId(new_id())))


def test_what_is_no_id_is_malformed(backend: Backend) -> None:
    with pytest.raises(Malformed):
        backend.leads.get(LeadId("ada"))


def test_mistakes_of_our_own_are_not_hidden(engine: Engine) -> None:
    with pytest.raises(ProgrammingError), engine.connect() as db:
        db.execute(text("select nonsense"))


def test_moments_come_back_in_utc_and_no_statement_waits_for_ever(engine: Engine) -> None:
    with engine.connect() as db:
        shown = {name: db.execute(text(f"show {name}")).scalar_one() for name in ("timezone", "statement_timeout")}

    assert shown == {"timezone": "UTC", "statement_timeout": "15s"}


def test_a_connection_that_died_while_it_rested_is_replaced_unseen(database_url: str) -> None:
    engine = make_engine(database_url, pool_size=1, rest_seconds=0.0)
    with engine.connect() as db:
        backend = db.execute(text("select pg_backend_pid()")).scalar_one()
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", [backend])

    with engine.connect() as db:
        assert db.execute(text("select pg_backend_pid()")).scalar_one() != backend
    engine.dispose()
