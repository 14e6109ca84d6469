"""Attempts, decisions and callbacks in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from heapq import nsmallest

from shared.adapters.memory.costs import reserve
from shared.adapters.memory.store import MemoryStore
from shared.calls import RANK, AttemptState, CallAttempt, Direction, Permission
from shared.calls.claims import CampaignFull
from shared.calls.lookup import next_look
from shared.calls.ports import CallFacts, ProviderEvent
from shared.calls.standing import standing
from shared.calls.stops import reaching
from shared.campaigns import CampaignState
from shared.campaigns.time_limit import MINUTE
from shared.costs import Reservation
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import AttemptId, CampaignId, LeadId, SellerId
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
            others = [each for each in self._store.attempts.where("phone", phone) if each.id != apart_from]
            live = sum(self._holds_phone(each) for each in others)
        rang = sorted(each.dial_started_at for each in others if each.dial_started_at and each.has_rung)
        return CallFacts(
            live_attempts=live,
            attempts_last_24_hours=tuple(moment for moment in rang if moment >= since),
            attempts_total=len(rang),
        )

    def live_in_campaign(self, campaign_id: CampaignId) -> int:
        return self._store.attempts.count("live_in", campaign_id)

    def take_due(self, campaign_id: CampaignId, now: datetime, *, limit: int, until: datetime) -> Sequence[Lead]:
        with self._store.lock:
            ready = self._store.leads.where("ready_in", campaign_id)
            due = [lead for lead in ready if lead.next_attempt_at is not None and lead.next_attempt_at <= now]
            taken = nsmallest(limit, due, key=_place)
            for lead in taken:
                self._store.leads[lead.id] = replace(lead, next_attempt_at=until)
            return taken

    def give_back(self, leads: Sequence[Lead], *, until: datetime) -> None:
        with self._store.lock:
            for lead in leads:
                known = self._store.leads[lead.id]
                if known.status is LeadStatus.READY and known.next_attempt_at == until:
                    self._store.leads[lead.id] = replace(known, next_attempt_at=lead.next_attempt_at)

    def is_worked_off(self, campaign_id: CampaignId) -> bool:
        with self._store.lock:
            return self._store.is_worked_off(campaign_id)

    def dialled_since(self, campaign_id: CampaignId, since: datetime) -> int:
        with self._store.lock:
            live = self._store.attempts.where("live_in", campaign_id)
            return sum(each.dial_started_at is None for each in live) + len(self._store.dialled(campaign_id, since))

    def plan(
        self, attempt: CallAttempt, lead: Lead, permission: Permission, reservation: Reservation, *messages: NewMessage
    ) -> None:
        with self._store.lock:
            known = self._store.leads.get(lead.id)
            if known is None or known.status is not LeadStatus.READY:
                raise Conflict(f"lead {lead.id} is no longer ready")
            if any(self._holds_phone(each) for each in self._store.attempts.where("phone", attempt.phone)):
                raise Conflict(f"another attempt holds the phone of lead {lead.id}")
            earlier = self._store.attempts.where("lead", lead.id)
            if (attempt.direction, attempt.attempt_no) in {(each.direction, each.attempt_no) for each in earlier}:
                raise Conflict(f"lead {lead.id} has this attempt already")
            campaign = self._store.campaigns[attempt.campaign_id]
            if self.live_in_campaign(campaign.id) >= campaign.max_concurrency:
                raise CampaignFull(f"campaign {campaign.id} rings {campaign.max_concurrency} phones at once already")
            if self.dialled_since(campaign.id, attempt.planned_at - MINUTE) >= campaign.plan.calls_per_minute:
                raise CampaignFull(f"campaign {campaign.id} rings as fast as it may")
            reserve(self._store, reservation)
            self._store.reservations[attempt.id] = reservation
            self._store.leads[lead.id] = replace(
                known, status=LeadStatus.CLAIMED, next_attempt_at=None, attempts=lead.attempts, variant=lead.variant
            )
            self._store.attempts[attempt.id] = attempt
            self._store.put_permission(permission, lead.id, attempt.id)
            self._store.put_messages(*messages)

    def decline(self, lead: Lead, permission: Permission, *messages: NewMessage) -> None:
        with self._store.lock:
            known = self._store.leads.get(lead.id)
            if known is not None and known.status in (LeadStatus.NEW, LeadStatus.READY):
                self._store.put_lead(replace(known, status=lead.status, next_attempt_at=lead.next_attempt_at))
            self._store.permissions.append((lead.id, permission))
            self._store.put_messages(*messages)

    def record(self, permission: Permission, *, attempt_id: AttemptId) -> None:
        with self._store.lock:
            self._store.put_permission(permission, self.get(attempt_id).lead_id, attempt_id)

    def permissions(self, lead_id: LeadId) -> Sequence[Permission]:
        with self._store.lock:
            return [permission for subject, permission in self._store.permissions if subject == lead_id]

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
        with self._store.lock:
            attempt = self._store.attempts.get(attempt_id)
            if attempt is None or attempt.state is not AttemptState.PLANNED or not self._may_ring(attempt):
                return False
            self._store.attempts[attempt_id] = replace(
                attempt,
                state=AttemptState.DIALING,
                worker=worker,
                slot_epoch=slot_epoch,
                worker_url=worker_url,
                talk_until=talk_until,
                dial_started_at=now,
            )
            self._store.put_messages(*messages)
            return True

    def unanswered(self, *, seller_id: SellerId | None, campaign_id: CampaignId | None) -> Sequence[CallAttempt]:
        with self._store.lock:
            live = self._store.attempts.where("live", True)
        found = [
            each
            for each in live
            if each.direction is Direction.OUTBOUND
            and RANK[each.state] < RANK[AttemptState.ANSWERED]
            and seller_id in (None, each.seller_id)
            and campaign_id in (None, each.campaign_id)
        ]
        return sorted(found, key=lambda each: each.planned_at)

    def owner_of(self, sid: str) -> AttemptId | None:
        return next((each.id for each in self._store.attempts.where("sid", sid)), None)

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

    def look_again(self, attempt: CallAttempt, *, at: datetime) -> CallAttempt:
        with self._store.lock:
            known = self.get(attempt.id)
            if known.looks != attempt.looks:
                return known
            asked = replace(known, looks=known.looks + 1)
            self._keep(asked)
            self._store.put_messages(next_look(asked, at))
            return asked

    def receive(self, event: ProviderEvent, *messages: NewMessage) -> bool:
        with self._store.lock:
            self.get(event.attempt_id)
            inbox = self._store.events.setdefault(event.attempt_id, {})
            if (event.kind, event.dedupe_key) in inbox:
                return False
            inbox[event.kind, event.dedupe_key] = event
            self._store.put_messages(*messages)
            return True

    def events(self, attempt_id: AttemptId) -> Sequence[ProviderEvent]:
        with self._store.lock:
            return list(self._store.events.get(attempt_id, {}).values())

    def of_lead(self, lead_id: LeadId) -> Sequence[CallAttempt]:
        with self._store.lock:
            theirs = self._store.attempts.where("lead", lead_id)
        return sorted(theirs, key=lambda each: each.attempt_no)

    def close(
        self, attempt: CallAttempt, lead: Lead, disposition: str, *messages: NewMessage, was: Lead | None = None
    ) -> bool:
        with self._store.lock:
            if attempt.id in self._store.dispositions or attempt.id not in self._store.attempts:
                return False
            self._store.put_lead(lead, was=was)
            self._store.dispositions[attempt.id] = disposition
            self._store.put_messages(*messages)
            return True

    def disposition(self, attempt_id: AttemptId) -> str | None:
        return self._store.dispositions.get(attempt_id)

    def _holds_phone(self, attempt: CallAttempt) -> bool:
        awaits_report = attempt.may_have_talked and attempt.id not in self._store.dispositions
        return not attempt.is_over or awaits_report

    def _may_ring(self, attempt: CallAttempt) -> bool:
        lead = self._store.leads[attempt.lead_id]
        campaign = self._store.campaigns[attempt.campaign_id]
        stopped = any(key in self._store.stops for key in reaching(attempt.seller_id, attempt.campaign_id))
        return lead.status is LeadStatus.CLAIMED and campaign.state is CampaignState.RUNNING and not stopped

    def _keep(self, attempt: CallAttempt) -> CallAttempt:
        sid = attempt.provider_sid
        if sid and any(each.id != attempt.id for each in self._store.attempts.where("sid", sid)):
            raise Conflict(f"call {sid} belongs to another attempt")
        self._store.attempts[attempt.id] = attempt
        return attempt


def _place(lead: Lead) -> tuple[bool, int, datetime, str]:
    """Where a due lead stands among the others."""
    assert lead.next_attempt_at is not None
    is_promised = lead.promised_at is not None
    return not is_promised, 0 if is_promised else -lead.priority, lead.next_attempt_at, lead.id
