"""``CallRepository`` in PostgreSQL, which alone decides who may be rung."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from shared.calls import CallAttempt, Permission
from shared.calls.attempt import NEVER_RANG
from shared.calls.lookup import next_look
from shared.calls.ports import CallFacts, ProviderEvent
from shared.calls.standing import standing
from shared.costs import Reservation
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import AttemptId, CampaignId, LeadId, SellerId
from shared.kernel.outbox import NewMessage
from shared.leads import Lead, LeadStatus
from shared.storage.calls import claims, dialing, planning
from shared.storage.calls.attempts import HOLDS_PHONE, attempt_of, locked, write
from shared.storage.calls.permissions import permission_of, permission_row
from shared.storage.engine import reading
from shared.storage.leads import put_lead
from shared.storage.outbox import put_messages
from shared.storage.rows import add_once, row_of, values_of
from shared.storage.statements import Statements
from shared.storage.tables import call_attempts, call_events, leads, permissions

GET = "select * from call_attempts where id = %(id)s"
DISPOSITION = "select disposition from call_attempts where id = %(id)s"


class SqlCallRepository:
    """``CallRepository`` over ``call_attempts``, ``permissions`` and ``call_events``. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._statements = Statements(engine)

    def get(self, attempt_id: AttemptId) -> CallAttempt:
        row = self._statements.row(GET, {"id": attempt_id})
        if row is None:
            raise NotFound(f"no attempt {attempt_id}")
        return attempt_of(row)

    def facts(self, phone: str, *, since: datetime, apart_from: AttemptId | None = None) -> CallFacts:
        others = (call_attempts.c.phone == phone) & call_attempts.c.id.is_distinct_from(apart_from)
        is_carried = call_attempts.c.state.not_in(NEVER_RANG) | call_attempts.c.provider_sid.is_not(None)
        rang = others & call_attempts.c.dial_started_at.is_not(None) & is_carried
        lately = select(call_attempts.c.dial_started_at).where(rang, call_attempts.c.dial_started_at >= since)
        with reading(self._engine) as db:
            return CallFacts(
                live_attempts=db.execute(select(func.count()).where(others, HOLDS_PHONE)).scalar_one(),
                attempts_last_24_hours=tuple(
                    moment
                    for moment in db.execute(lately.order_by(call_attempts.c.dial_started_at)).scalars()
                    if moment
                ),
                attempts_total=db.execute(select(func.count()).where(rang)).scalar_one(),
            )

    def live_in_campaign(self, campaign_id: CampaignId) -> int:
        return claims.live_in_campaign(self._statements, campaign_id)

    def take_due(self, campaign_id: CampaignId, now: datetime, *, limit: int, until: datetime) -> Sequence[Lead]:
        return claims.take_due(self._statements, campaign_id, now, limit=limit, until=until)

    def give_back(self, leads: Sequence[Lead], *, until: datetime) -> None:
        with self._engine.begin() as db:
            claims.give_back(db, leads, until=until)

    def is_worked_off(self, campaign_id: CampaignId) -> bool:
        with reading(self._engine) as db:
            return claims.is_worked_off(db, campaign_id)

    def dialled_since(self, campaign_id: CampaignId, since: datetime) -> int:
        return claims.dialled_since(self._statements, campaign_id, since)

    def plan(
        self, attempt: CallAttempt, lead: Lead, permission: Permission, reservation: Reservation, *messages: NewMessage
    ) -> None:
        planning.plan(self._statements, attempt, lead, permission, reservation, messages)

    def decline(self, lead: Lead, permission: Permission, *messages: NewMessage) -> None:
        is_free = (leads.c.id == lead.id) & leads.c.status.in_((LeadStatus.NEW, LeadStatus.READY))
        with self._engine.begin() as db:
            db.execute(update(leads).where(is_free).values(status=lead.status, next_attempt_at=lead.next_attempt_at))
            decision = permission_row(permission, lead_id=lead.id, seller_id=lead.seller_id)
            db.execute(insert(permissions).values(decision))
            put_messages(db, messages)

    def record(self, permission: Permission, *, attempt_id: AttemptId) -> None:
        dialing.record(self._statements, permission, attempt_id=attempt_id)

    def permissions(self, lead_id: LeadId) -> Sequence[Permission]:
        query = select(permissions).where(permissions.c.lead_id == lead_id).order_by(permissions.c.id)
        with reading(self._engine) as db:
            return [permission_of(row) for row in db.execute(query).mappings()]

    def begin_dialing(
        self,
        attempt_id: AttemptId,
        *messages: NewMessage,
        worker: str,
        slot_epoch: str,
        worker_url: str | None = None,
        talk_until: datetime | None = None,
        now: datetime,
    ) -> bool:
        seat = {"worker": worker, "slot_epoch": slot_epoch, "worker_url": worker_url, "talk_until": talk_until}
        return dialing.begin(self._statements, attempt_id, seat, messages, now=now)

    def unanswered(self, *, seller_id: SellerId | None, campaign_id: CampaignId | None) -> Sequence[CallAttempt]:
        with reading(self._engine) as db:
            return dialing.unanswered(db, seller_id=seller_id, campaign_id=campaign_id)

    def owner_of(self, sid: str) -> AttemptId | None:
        with reading(self._engine) as db:
            return db.execute(
                select(call_attempts.c.id).where(call_attempts.c.provider_sid == sid)
            ).scalar_one_or_none()

    def bind(self, attempt_id: AttemptId, sid: str, *, now: datetime) -> CallAttempt:
        return dialing.bind(self._statements, attempt_id, sid, now=now)

    def move(self, attempt: CallAttempt, *messages: NewMessage) -> CallAttempt:
        try:
            with self._engine.begin() as db:
                known = locked(db, attempt.id)
                moved = standing(known, attempt)
                if moved is None:
                    return known
                write(db, moved)
                put_messages(db, messages)
        except IntegrityError as error:
            raise Conflict(f"call {attempt.provider_sid} belongs to another attempt") from error
        return moved

    def look_again(self, attempt: CallAttempt, *, at: datetime) -> CallAttempt:
        with self._engine.begin() as db:
            known = locked(db, attempt.id)
            if known.looks != attempt.looks:
                return known
            asked = replace(known, looks=known.looks + 1)
            write(db, asked)
            put_messages(db, [next_look(asked, at)])
        return asked

    def receive(self, event: ProviderEvent, *messages: NewMessage) -> bool:
        with self._engine.begin() as db:
            if not add_once(db, call_events, row_of(event)):
                return False
            put_messages(db, messages)
        return True

    def events(self, attempt_id: AttemptId) -> Sequence[ProviderEvent]:
        query = select(call_events).where(call_events.c.attempt_id == attempt_id).order_by(call_events.c.seq)
        with reading(self._engine) as db:
            return [ProviderEvent(**values_of(row, ProviderEvent)) for row in db.execute(query).mappings()]

    def of_lead(self, lead_id: LeadId) -> Sequence[CallAttempt]:
        query = select(call_attempts).where(call_attempts.c.lead_id == lead_id).order_by(call_attempts.c.attempt_no)
        with reading(self._engine) as db:
            return [attempt_of(row) for row in db.execute(query).mappings()]

    def close(
        self, attempt: CallAttempt, lead: Lead, disposition: str, *messages: NewMessage, was: Lead | None = None
    ) -> bool:
        is_open = (call_attempts.c.id == attempt.id) & call_attempts.c.disposition.is_(None)
        with self._engine.begin() as db:
            if not db.execute(update(call_attempts).where(is_open).values(disposition=disposition)).rowcount:
                return False
            put_lead(db, lead, was=was)
            put_messages(db, messages)
        return True

    def disposition(self, attempt_id: AttemptId) -> str | None:
        row = self._statements.row(DISPOSITION, {"id": attempt_id})
        return row["disposition"] if row else None
