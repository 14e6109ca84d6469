"""``CallRepository`` in PostgreSQL, which alone decides who may be rung."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine, select

from shared.calls import CallAttempt, Permission
from shared.calls.attempt import TURNED_AWAY
from shared.calls.lookup import next_look
from shared.calls.ports import CallFacts, ProviderEvent
from shared.costs import Reservation
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId, CampaignId, LeadId, SellerId
from shared.kernel.outbox import NewMessage
from shared.leads import Lead
from shared.storage.calls import changes, claims, dialing, planning
from shared.storage.calls.attempts import attempt_of
from shared.storage.calls.permissions import permission_of
from shared.storage.engine import reading
from shared.storage.rows import noun_of
from shared.storage.statements import Statements
from shared.storage.tables import permissions

GET = "select * from call_attempts where id = %(id)s"
OF_LEAD = "select * from call_attempts where lead_id = %(lead)s order by attempt_no"
OWNER = "select id from call_attempts where provider_sid = %(sid)s"
EVENTS = "select * from call_events where attempt_id = %(attempt)s order by seq"
FACTS = """
select count(*) filter (where a.ended_at is null or a.disposition is null and (a.streamed_at is not null
    or a.answered_at is not null and coalesce(a.end_reason, '') <> all(%(turned_away)s))) as live,
  count(*) filter (where r.rang) as rang,
  coalesce(array_agg(a.dial_started_at order by a.dial_started_at) filter (
    where r.rang and a.dial_started_at >= %(since)s), '{}') as lately
from call_attempts a, lateral (
  select a.dial_started_at is not null
    and (a.state not in ('cancelled', 'rejected', 'not_placed') or a.provider_sid is not null) as rang
) r
where a.phone = %(phone)s and a.id is distinct from %(apart_from)s
"""
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
        asked = {"phone": phone, "since": since, "apart_from": apart_from, "turned_away": list(TURNED_AWAY)}
        counted = self._statements.rows(FACTS, asked)[0]
        return CallFacts(
            live_attempts=counted["live"],
            attempts_last_24_hours=tuple(counted["lately"]),
            attempts_total=counted["rang"],
        )

    def live_in_campaign(self, campaign_id: CampaignId) -> int:
        return claims.live_in_campaign(self._statements, campaign_id)

    def take_due(self, campaign_id: CampaignId, now: datetime, *, limit: int, until: datetime) -> Sequence[Lead]:
        return claims.take_due(self._statements, campaign_id, now, limit=limit, until=until)

    def give_back(self, leads: Sequence[Lead], *, until: datetime) -> None:
        with self._engine.begin() as db:
            claims.give_back(db, leads, until=until)

    def is_worked_off(self, campaign_id: CampaignId) -> bool:
        return claims.is_worked_off(self._statements, campaign_id)

    def dialled_since(self, campaign_id: CampaignId, since: datetime) -> int:
        return claims.dialled_since(self._statements, campaign_id, since)

    def plan(
        self, attempt: CallAttempt, lead: Lead, permission: Permission, reservation: Reservation, *messages: NewMessage
    ) -> None:
        planning.plan(self._statements, attempt, lead, permission, reservation, messages)

    def decline(self, lead: Lead, permission: Permission, *messages: NewMessage) -> None:
        changes.decline(self._statements, lead, permission, messages)

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
        row = self._statements.row(OWNER, {"sid": sid})
        return row["id"] if row else None

    def bind(self, attempt_id: AttemptId, sid: str, *, now: datetime) -> CallAttempt:
        return dialing.bind(self._statements, attempt_id, sid, now=now)

    def move(self, attempt: CallAttempt, *messages: NewMessage) -> CallAttempt:
        return changes.move(self._statements, attempt, messages)

    def look_again(self, attempt: CallAttempt, *, at: datetime) -> CallAttempt:
        question = next_look(replace(attempt, looks=attempt.looks + 1), at)
        return changes.look_again(self._statements, attempt, question) or self.get(attempt.id)

    def receive(self, event: ProviderEvent, *messages: NewMessage) -> bool:
        return changes.receive(self._statements, event, messages)

    def events(self, attempt_id: AttemptId) -> Sequence[ProviderEvent]:
        rows = self._statements.rows(EVENTS, {"attempt": attempt_id})
        return [noun_of(row, ProviderEvent, {}) for row in rows]

    def of_lead(self, lead_id: LeadId) -> Sequence[CallAttempt]:
        return [attempt_of(row) for row in self._statements.rows(OF_LEAD, {"lead": lead_id})]

    def close(
        self, attempt: CallAttempt, lead: Lead, disposition: str, *messages: NewMessage, was: Lead | None = None
    ) -> bool:
        return changes.close(self._statements, attempt, lead, disposition, messages, was=was)

    def disposition(self, attempt_id: AttemptId) -> str | None:
        row = self._statements.row(DISPOSITION, {"id": attempt_id})
        return row["disposition"] if row else None
