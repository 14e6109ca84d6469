"""The last gate in memory."""

from dataclasses import replace
from datetime import datetime

from shared.adapters.memory.store import MemoryStore
from shared.calls import RANK, AttemptState, CallAttempt, Finding, Permission, Verdict
from shared.calls.gate import (
    AGAINST,
    LOST,
    MOST_LOST,
    NO_WORKER,
    NOT_ALLOWED,
    STRANGE,
    BrokenCall,
    GateRule,
    Passage,
    Seat,
)
from shared.calls.joins import earlier
from shared.calls.stops import reaching
from shared.campaigns import PauseReason
from shared.costs import ReservationState
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import AttemptId
from shared.leads import LeadStatus, SuppressionReason


class MemoryAnswerGate:
    """``AnswerGate`` in memory. Share the store with the other twins."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def answer(self, attempt_id: AttemptId, sid: str, *, now: datetime) -> Passage:
        with self._store.lock:
            attempt = self._get(attempt_id)
            holds = self._holds(attempt, sid, now)
            against = tuple(rule for rule in GateRule if not holds[rule])
            if any(rule in STRANGE for rule in against):
                return Passage(against=against)
            if any(each.id != attempt.id for each in self._store.attempts.where("sid", sid)):
                raise Conflict(f"call {sid} belongs to another attempt")
            is_refused = against and (attempt_id, True) not in self._store.gate_decisions
            moved = replace(attempt, provider_sid=sid) if against else _let_through(attempt, sid, now)
            self._store.attempts[attempt_id] = replace(moved, end_reason=_reason(against)) if is_refused else moved
            lead = self._store.leads[attempt.lead_id]
            if not against and lead.status is LeadStatus.CLAIMED:
                self._store.put_lead(replace(lead, status=LeadStatus.IN_CALL))
            self._keep(attempt, holds, now)
            return Passage(against=against) if against else Passage(seat=_seat(attempt))

    def broken(self, attempt_id: AttemptId, sid: str) -> BrokenCall:
        with self._store.lock:
            attempt = self._get(attempt_id)
            report = self._store.reports.get(attempt_id, {}).get(attempt.recoveries)
            opt_out = any(
                entry.phone == attempt.phone and entry.reason is SuppressionReason.OPT_OUT
                for entry in self._store.suppressions
            )
            return BrokenCall(
                is_over=attempt.is_over,
                is_ours=attempt.state is not AttemptState.PLANNED and attempt.provider_sid in (None, sid),
                has_opted_out=opt_out or self._store.leads[attempt.lead_id].status is LeadStatus.OPTED_OUT,
                ended_by=report.ended_by if report else None,
                recoveries=attempt.recoveries,
                seat=_seat(attempt),
            )

    def reconnect(self, attempt_id: AttemptId, seat: Seat, *, recoveries: int) -> bool:
        with self._store.lock:
            attempt = self._get(attempt_id)
            if attempt.is_over or attempt.recoveries != recoveries:
                return False
            self._store.attempts[attempt_id] = replace(
                attempt,
                state=AttemptState.RECOVERING,
                recoveries=recoveries + 1,
                worker=seat.worker,
                slot_epoch=seat.epoch,
                worker_url=seat.url,
            )
            return True

    def lose(self, attempt_id: AttemptId, *, call_back_at: datetime) -> bool:
        with self._store.lock:
            attempt, lead = self._get(attempt_id), self._store.leads[self._get(attempt_id).lead_id]
            if attempt.is_over:
                return False
            others = [each for each in self._store.attempts.where("lead", lead.id) if each.id != attempt_id]
            is_promised = sum(each.end_reason == LOST for each in others) < MOST_LOST
            if attempt.end_reason != LOST:
                self._store.attempts[attempt_id] = replace(attempt, end_reason=LOST)
                ahead = max(lead.promised_at or call_back_at, call_back_at)
                stands = is_promised or ahead > call_back_at
                if lead.status is not LeadStatus.OPTED_OUT:
                    self._store.put_lead(replace(lead, promised_at=ahead if stands else None))
            return is_promised and lead.status is not LeadStatus.OPTED_OUT

    def _get(self, attempt_id: AttemptId) -> CallAttempt:
        try:
            return self._store.attempts[attempt_id]
        except KeyError:
            raise NotFound(f"no attempt {attempt_id}") from None

    def _holds(self, attempt: CallAttempt, sid: str, now: datetime) -> dict[GateRule, bool]:
        store = self._store
        campaign = store.campaigns[attempt.campaign_id]
        held = store.reservations.get(attempt.id)
        return {
            GateRule.ATTEMPT: not attempt.is_over and attempt.state is not AttemptState.PLANNED,
            GateRule.CALL: bool(sid) and attempt.provider_sid in (None, sid),
            GateRule.STREAM: attempt.is_over or RANK[attempt.state] <= RANK[AttemptState.ANSWERED],
            GateRule.LEAD: store.leads[attempt.lead_id].status is not LeadStatus.OPTED_OUT,
            GateRule.SUPPRESSION: not any(
                entry.phone == attempt.phone and entry.seller_id in (None, attempt.seller_id)
                for entry in store.suppressions
            ),
            GateRule.CAMPAIGN: campaign.paused_reason is not PauseReason.COMPLIANCE,
            GateRule.STOP: not any(key in store.stops for key in reaching(attempt.seller_id, attempt.campaign_id)),
            GateRule.MONEY: held is not None and held.state is ReservationState.HELD,
            GateRule.TIME: attempt.talk_until is None or now <= attempt.talk_until,
            GateRule.WORKER: _seat(attempt) is not None,
        }

    def _keep(self, attempt: CallAttempt, holds: dict[GateRule, bool], now: datetime) -> None:
        findings = tuple(
            Finding(
                rule=rule.value,
                verdict=Verdict.ALLOW if holds[rule] else Verdict.DENY,
                reason="" if holds[rule] else AGAINST[rule],
            )
            for rule in GateRule
        )
        key = (attempt.id, all(holds.values()))
        if key not in self._store.gate_decisions:
            self._store.gate_decisions.add(key)
            self._store.put_permission(Permission(at=now, findings=findings), attempt.lead_id, attempt.id)


def _let_through(attempt: CallAttempt, sid: str, now: datetime) -> CallAttempt:
    answered_at = earlier(attempt.answered_at, now)
    return replace(attempt, provider_sid=sid, state=AttemptState.ANSWERED, answered_at=answered_at)


def _reason(against: tuple[GateRule, ...]) -> str:
    return NO_WORKER if against == (GateRule.WORKER,) else NOT_ALLOWED


def _seat(attempt: CallAttempt) -> Seat | None:
    if attempt.worker is None or attempt.slot_epoch is None or attempt.worker_url is None:
        return None
    return Seat(worker=attempt.worker, epoch=attempt.slot_epoch, url=attempt.worker_url)
