"""Attempts, decisions and callbacks in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.adapters.memory.costs import check_room
from shared.adapters.memory.store import MemoryStore
from shared.calls import RANK, AttemptState, CallAttempt, Permission
from shared.calls.ports import CallFacts, ProviderEvent
from shared.calls.standing import standing
from shared.costs import Reservation
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import AttemptId, CampaignId, LeadId
from shared.kernel.outbox import NewMessage
from shared.leads import Lead, LeadStatus


class MemoryCallRepository:
    """``CallRepository`` in memory. Share the store with the other twins: a plan reaches across rooms."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def get(self, attempt_id: AttemptId) -> CallAttempt:
        try:
            return self._store.attempts[attempt_id]
        except KeyError:
            raise NotFound(f"no attempt {attempt_id}") from None

    def facts(self, phone: str, *, since: datetime, apart_from: AttemptId | None = None) -> CallFacts:
        with self._store.lock:
            others = [each for each in self._store.attempts.values() if each.phone == phone and each.id != apart_from]
            live = sum(self._holds_phone(each) for each in others)
        rang = sorted(each.dial_started_at for each in others if each.dial_started_at and each.has_rung)
        return CallFacts(
            live_attempts=live,
            attempts_last_24_hours=tuple(moment for moment in rang if moment >= since),
            attempts_total=len(rang),
        )

    def live_in_campaign(self, campaign_id: CampaignId) -> int:
        with self._store.lock:
            attempts = list(self._store.attempts.values())
        return sum(each.campaign_id == campaign_id and not each.is_over for each in attempts)

    def plan(
        self, attempt: CallAttempt, lead: Lead, permission: Permission, reservation: Reservation, *messages: NewMessage
    ) -> None:
        with self._store.lock:
            known = self._store.leads.get(lead.id)
            if known is None or known.status is not LeadStatus.READY:
                raise Conflict(f"lead {lead.id} is no longer ready")
            others = self._store.attempts.values()
            if any(each.phone == attempt.phone and self._holds_phone(each) for each in others):
                raise Conflict(f"another attempt holds the phone of lead {lead.id}")
            if any(each.lead_id == lead.id and each.attempt_no == attempt.attempt_no for each in others):
                raise Conflict(f"lead {lead.id} has this attempt already")
            budget = check_room(self._store, reservation)
            self._store.budgets[budget.id] = budget
            self._store.reservations[attempt.id] = reservation
            self._store.leads[lead.id] = replace(lead, status=LeadStatus.CLAIMED, next_attempt_at=None)
            self._store.attempts[attempt.id] = attempt
            self._store.permissions.append((lead.id, permission))
            self._store.put_messages(*messages)

    def decline(self, lead: Lead, permission: Permission) -> None:
        with self._store.lock:
            known = self._store.leads.get(lead.id)
            if known is not None and known.status in (LeadStatus.NEW, LeadStatus.READY):
                self._store.put_lead(lead)
            self._store.permissions.append((lead.id, permission))

    def record(self, permission: Permission, *, attempt_id: AttemptId) -> None:
        with self._store.lock:
            self._store.permissions.append((self.get(attempt_id).lead_id, permission))

    def permissions(self, lead_id: LeadId) -> Sequence[Permission]:
        with self._store.lock:
            return [permission for subject, permission in self._store.permissions if subject == lead_id]

    def begin_dialing(self, attempt_id: AttemptId, *, worker: str, slot_epoch: str, now: datetime) -> bool:
        with self._store.lock:
            attempt = self._store.attempts.get(attempt_id)
            if attempt is None or attempt.state is not AttemptState.PLANNED:
                return False
            self._store.attempts[attempt_id] = replace(
                attempt, state=AttemptState.DIALING, worker=worker, slot_epoch=slot_epoch, dial_started_at=now
            )
            return True

    def bind(self, attempt_id: AttemptId, sid: str, *, now: datetime) -> CallAttempt:
        with self._store.lock:
            known = self.get(attempt_id)
            reached = RANK[known.state] >= RANK[AttemptState.PLACED]
            told = replace(
                known,
                provider_sid=sid,
                state=known.state if reached else AttemptState.PLACED,
                dial_started_at=known.dial_started_at or now,
            )
            return self._keep(standing(known, told) or known)

    def move(self, attempt: CallAttempt, *messages: NewMessage) -> CallAttempt:
        with self._store.lock:
            known = self.get(attempt.id)
            moved = standing(known, attempt)
            if moved is None:
                return known
            self._keep(moved)
            self._store.put_messages(*messages)
            return moved

    def receive(self, event: ProviderEvent, *messages: NewMessage) -> bool:
        with self._store.lock:
            self.get(event.attempt_id)
            key = (event.attempt_id, event.kind, event.dedupe_key)
            if key in self._store.events:
                return False
            self._store.events[key] = event
            self._store.put_messages(*messages)
            return True

    def events(self, attempt_id: AttemptId) -> Sequence[ProviderEvent]:
        with self._store.lock:
            return [event for event in self._store.events.values() if event.attempt_id == attempt_id]

    def of_lead(self, lead_id: LeadId) -> Sequence[CallAttempt]:
        with self._store.lock:
            theirs = [each for each in self._store.attempts.values() if each.lead_id == lead_id]
        return sorted(theirs, key=lambda each: each.attempt_no)

    def close(self, attempt: CallAttempt, lead: Lead, disposition: str, *messages: NewMessage) -> bool:
        with self._store.lock:
            if attempt.id in self._store.dispositions or attempt.id not in self._store.attempts:
                return False
            self._store.dispositions[attempt.id] = disposition
            self._store.put_lead(lead)
            self._store.put_messages(*messages)
            return True

    def disposition(self, attempt_id: AttemptId) -> str | None:
        return self._store.dispositions.get(attempt_id)

    def _holds_phone(self, attempt: CallAttempt) -> bool:
        awaits_report = attempt.streamed_at is not None and attempt.id not in self._store.dispositions
        return not attempt.is_over or awaits_report

    def _keep(self, attempt: CallAttempt) -> CallAttempt:
        sid = attempt.provider_sid
        if sid and any(each.provider_sid == sid and each.id != attempt.id for each in self._store.attempts.values()):
            raise Conflict(f"call {sid} belongs to another attempt")
        self._store.attempts[attempt.id] = attempt
        return attempt
