"""What the voice node may do in the database, and what it may not: two users, one of each role."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from shared.appointments import AppointmentStatus, Cancellation, SlotTaken
from shared.calls import AttemptState
from shared.calls.folding import joined
from shared.calls.inbox import Receipt
from shared.campaigns import CampaignState
from shared.campaigns.prompts import Prompt, PromptKind, recovery_text
from shared.conversation.after.analyse import analysed
from shared.kernel.errors import NotFound, Refused
from shared.kernel.outbox import NewMessage
from shared.leads import LeadStatus, SuppressionReason
from shared.storage.engine import make_engine
from shared.storage.light.connections import Connections
from shared.storage.logins import ensure_login, login_url
from shared.storage.tables import metadata
from tests.contracts.backends import Backend, sql_backend
from tests.contracts.nouns import (
    BUDGET_ID,
    CAMPAIGN_ID,
    NOON,
    PHONE,
    SELLER,
    make_agent,
    make_appointment,
    make_campaign,
    make_event,
    make_line,
    make_opening,
    make_report,
    make_suppression,
)
from tests.shared.conversation.after.calls import order_of

SOON = timedelta(seconds=30)


@pytest.fixture(scope="module")
def node_engine(module_database_url: str) -> Iterator[Engine]:
    ensure_login(module_database_url, "test_node", "first try", "reauto_node")
    ensure_login(module_database_url, "test_node", "it's a secret", "reauto_node")
    opened = make_engine(login_url(module_database_url, "test_node", "it's a secret"))
    yield opened
    opened.dispose()


@pytest.fixture
def node(node_engine: Engine) -> Backend:
    """The repositories as the voice node has them."""
    return sql_backend(node_engine)


@pytest.fixture
def app(engine: Engine, module_database_url: str) -> Iterator[Backend]:
    """The repositories as the functions have them."""
    ensure_login(module_database_url, "test_app", "secret", "reauto_app")
    url = login_url(module_database_url, "test_app", "secret")
    opened, light = make_engine(url), Connections(url)
    yield sql_backend(opened, light)
    light.close()
    opened.dispose()


def test_the_node_reads_briefs(backend: Backend, node: Backend) -> None:
    backend.campaigns.save_opening(make_opening())
    backend.appointments.add_agent(make_agent())
    attempt = backend.plan()

    assert node.briefs.get(attempt.id) == backend.briefs.get(attempt.id)


def test_a_report_of_the_node_asks_for_the_closing(backend: Backend, node: Backend) -> None:
    attempt = backend.plan()
    for _ in range(2):
        node.reports.add(make_report(attempt))

    assert backend.reports.get(attempt.id) == make_report(attempt)
    assert backend.outbox.waiting() == {"close": 1}


def test_an_opt_out_heard_by_the_node_moves_the_leads(backend: Backend, node: Backend) -> None:
    attempt = backend.plan()
    for _ in range(2):
        node.suppressions.add(make_suppression(attempt_id=attempt.id, evidence="stop"))

    assert backend.leads.get(attempt.lead_id).status is LeadStatus.OPTED_OUT
    assert len(backend.suppressions.of_phone(PHONE)) == 1


def test_the_node_books_and_is_told_when_a_slot_is_taken(backend: Backend, node: Backend) -> None:
    agent, lead = make_agent(), backend.add_lead()
    backend.appointments.add_agent(agent)
    attempt = backend.plan(lead)
    appointment = make_appointment(agent, lead, attempt_id=attempt.id)
    for _ in range(2):
        node.appointments.book(appointment)

    assert backend.appointments.of_lead(lead.id) == [appointment]
    with pytest.raises(SlotTaken):
        node.appointments.book(make_appointment(agent, lead, attempt_id=attempt.id))


def test_the_node_renders_openings_and_sees_no_other_message(backend: Backend, node: Backend) -> None:
    render = NewMessage(topic="render", body={"text": "Hello."})
    backend.outbox.put([render, NewMessage(topic="dial", body={})], NOON)

    [message] = node.outbox.lease(topic="render", now=NOON, lease_for=SOON, limit=5)
    assert node.outbox.lease(topic="dial", now=NOON, lease_for=SOON, limit=5) == []
    assert not node.outbox.failed(message.id, now=NOON, retry_in=SOON, max_receives=5, error="busy")
    for _ in range(2):
        node.campaigns.save_opening(make_opening())
    node.outbox.put([NewMessage(topic="dispatch", body={})], NOON)
    node.outbox.done([message.id])
    assert backend.outbox.waiting() == {"dial": 1, "dispatch": 1}


def test_the_node_takes_orders_to_analyse_and_leaves_what_it_found(
    backend: Backend, app: Backend, node: Backend
) -> None:
    attempt = backend.plan()
    app.outbox.put([NewMessage(topic="analyse", body={}), NewMessage(topic="settle", body={})], NOON)

    [message] = node.outbox.lease_any(topics=["analyse", "settle"], now=NOON, lease_for=SOON, limit=5)
    found = analysed(order_of(attempt_id=attempt.id), now=NOON)
    for _ in range(2):
        node.analyses.add(found)
    node.outbox.done([message.id])

    assert app.analyses.newest(attempt.id) == found
    assert backend.outbox.waiting() == {"settle": 1}


def test_the_node_keeps_prompts_and_reads_them_with_the_brief(backend: Backend, node: Backend) -> None:
    words = recovery_text(SELLER.registered_name)
    prompt = Prompt(
        campaign_id=CAMPAIGN_ID, voice="en-us", kind=PromptKind.RECOVERY, text=words, audio=b"\x01", rendered_at=NOON
    )
    for _ in range(2):
        node.prompts.save_prompt(prompt)
    attempt = backend.plan()

    assert node.briefs.get(attempt.id, part=1).opening_audio == b"\x01"


def test_who_asks_the_node_for_a_person_leaves_a_task(backend: Backend, node: Backend) -> None:
    attempt = backend.plan()
    node.reports.add(make_report(attempt, wants_person=True))

    [task] = backend.tasks.open_tasks()
    assert (task.attempt_id, task.lead_id) == (attempt.id, attempt.lead_id)


SPY = """
create function pg_temp.spy(told text) returns boolean language plpgsql cost 0.0000001 as
$$ begin raise notice 'seen %', told; return true; end $$
"""


def test_the_node_sees_nothing_behind_the_views(backend: Backend, node_engine: Engine) -> None:
    """A function of its own, run inside the view's query, would see rows that the view leaves out."""
    over = backend.plan(backend.add_lead(first_name="Grace"))
    backend.calls.move(replace(over, state=AttemptState.CANCELLED, ended_at=NOON))
    live = backend.plan(backend.add_lead(phone="+13125550143", first_name="Ada"))
    seen: list[str] = []
    with node_engine.begin() as db:
        driver = db.connection.driver_connection
        assert driver is not None
        driver.add_notice_handler(lambda notice: seen.append(notice.message_primary or ""))
        db.execute(text(SPY))
        for way in ("indexscan", "bitmapscan", "nestloop"):
            db.execute(text(f"set local enable_{way} = off"))  # so that whole tables are read, as when they are large
        rows = db.execute(text("select attempt_id from briefs where pg_temp.spy(first_name)")).all()

    assert [str(row.attempt_id) for row in rows] == [live.id]
    assert seen == ["seen Ada"]


@pytest.mark.parametrize("table", sorted(set(metadata.tables) - {"outbox", "openings", "prompts"}))
def test_the_node_reads_no_table(node_engine: Engine, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), node_engine.connect() as db:
        db.execute(text(f'select * from "{table}"'))  # noqa: S608 - written above


def test_the_node_sends_no_other_message(node: Backend) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        node.outbox.put([NewMessage(topic="dial", body={})], NOON)


INSERTABLE = {
    "outbox", "call_events", "reports", "turns", "suppressions", "appointments", "openings", "prompts", "call_analyses",
}  # fmt: skip
INSERTABLE |= {"cancellations"}


@pytest.mark.parametrize("table", sorted(set(metadata.tables) - INSERTABLE))
def test_the_node_writes_no_other_table(node_engine: Engine, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), node_engine.begin() as db:
        db.execute(text(f'insert into "{table}" default values'))


@pytest.mark.parametrize("table", sorted(set(metadata.tables) - {"outbox"}))
def test_the_node_deletes_nothing(node_engine: Engine, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), node_engine.begin() as db:
        db.execute(text(f'delete from "{table}"'))  # noqa: S608 - written above


@pytest.mark.parametrize(
    "statement",
    [
        "update leads set status = 'ready'",
        "update call_attempts set state = 'ended'",
        "update reports set worker = 'w2'",
        "update suppressions set reason = 'manual'",
        "update appointments set status = 'cancelled'",
        "update outbox set topic = 'dial'",
        "update budgets set limit_micro_usd = 0",
        "truncate turns",
        "create table public.mine (id int)",
        "set role reauto_app",
    ],
)
def test_the_node_changes_nothing(node_engine: Engine, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), node_engine.begin() as db:
        db.execute(text(statement))


def test_the_node_suppresses_only_who_opted_out_on_a_call(node: Backend, backend: Backend) -> None:
    attempt = backend.plan()
    for entry in (
        make_suppression(attempt_id=attempt.id, reason=SuppressionReason.MANUAL),
        make_suppression(),
    ):
        with pytest.raises(ProgrammingError, match="row-level security"):
            node.suppressions.add(entry)


def test_the_node_books_only_from_a_call(node: Backend, backend: Backend) -> None:
    agent, lead = make_agent(), backend.add_lead()
    backend.appointments.add_agent(agent)
    from_nowhere = make_appointment(agent, lead)
    cancelled = replace(from_nowhere, attempt_id=backend.plan(lead).id, status=AppointmentStatus.CANCELLED)

    for appointment in (from_nowhere, cancelled):
        with pytest.raises(ProgrammingError, match="row-level security"):
            node.appointments.book(appointment)


def test_the_node_cancels_and_moves_what_belongs_to_its_call_alone(node: Backend, backend: Backend) -> None:
    agent, lead, other = make_agent(), backend.add_lead(), backend.add_lead(phone="+15125550177")
    backend.appointments.add_agent(agent)
    old, attempt, strange = make_appointment(agent, lead), backend.plan(lead), backend.plan(other)
    backend.appointments.book(old)
    for attempt_id, refused in ((None, ProgrammingError), (strange.id, NotFound)):
        with pytest.raises(refused):
            node.appointments.cancel(Cancellation(appointment_id=old.id, attempt_id=attempt_id, at=NOON))
    later = {"starts_at": old.ends_at, "ends_at": old.ends_at + SOON}
    new = make_appointment(agent, lead, attempt_id=attempt.id, moved_from=old.id, **later)
    node.appointments.move(new, now=NOON)
    assert [each.status for each in backend.appointments.of_lead(lead.id)] == ["cancelled", "booked"]

    node.appointments.cancel(Cancellation(appointment_id=new.id, attempt_id=attempt.id, at=NOON))
    assert [each.status for each in backend.appointments.of_lead(lead.id)] == ["cancelled", "cancelled"]
    with pytest.raises(ProgrammingError, match="permission denied"):
        node.appointments.mark(new.id, AppointmentStatus.KEPT)


def test_the_functions_can_do_their_work(app: Backend) -> None:
    app.furnish()
    lead = app.add_lead()
    attempt = app.plan(lead)
    app.settle(attempt, make_line())
    app.suppressions.add(make_suppression(reason=SuppressionReason.MANUAL))
    agent = make_agent()
    app.appointments.add_agent(agent)
    app.appointments.book(make_appointment(agent, lead))
    app.outbox.put([NewMessage(topic="dial", body={})], NOON)
    [message] = app.outbox.lease(topic="dial", now=NOON, lease_for=SOON, limit=5)
    app.outbox.done([message.id])
    app.reports.add(make_report(attempt))

    assert app.costs.budget(BUDGET_ID).posted
    assert app.outbox.waiting() == {"close": 1}
    assert len(app.suppressions.of_phone(PHONE)) == 1


def test_the_carriers_doors_can_do_their_work(app: Backend) -> None:
    app.furnish()
    app.campaigns.save(make_campaign(state=CampaignState.RUNNING))
    attempt = app.plan()
    app.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", worker_url="wss://one.example.com", now=NOON)

    assert app.gate.answer(attempt.id, "CA1", now=NOON).against == ()
    seat = app.gate.broken(attempt.id, "CA1").seat
    assert seat is not None
    assert app.gate.reconnect(attempt.id, seat, recoveries=0)
    app.gate.lose(attempt.id, call_back_at=NOON)
    event = make_event(attempt, payload={"CallSid": "CA1", "CallStatus": "completed"})
    assert app.inbox.receive(event) is Receipt.NEW
    assert app.folds.fold(app.folds.open([attempt.id]), joined)[0].is_over


def test_the_functions_do_not_rewrite_the_ledger_or_the_schema(app: Backend, module_database_url: str) -> None:
    engine = make_engine(login_url(module_database_url, "test_app", "secret"))
    for statement in ("update ledger_entries set account = ''", "delete from leads", "drop table leads"):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), engine.begin() as db:
            db.execute(text(statement))
    engine.dispose()


def test_who_may_not_create_users_is_told_so(node: Backend, module_database_url: str) -> None:
    with pytest.raises(Refused, match="create database users"):
        ensure_login(login_url(module_database_url, "test_node", "it's a secret"), "other", "secret", "reauto_app")
