"""Campaigns in figures, counted in memory."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from shared.adapters.memory.store import MemoryStore
from shared.calls import CallAttempt, Direction, Permission, Purpose, Verdict
from shared.campaigns import CampaignState
from shared.kernel.ids import CampaignId
from shared.leads import Lead, LeadStatus
from shared.leads.intake import JUST_ASKED
from shared.reports.campaign_figures import QUALIFIED, FirstCalls, LeadLook, Promises, VariantFigures
from shared.reports.campaign_report import rank


class MemoryCampaignBoard:
    """``CampaignBoard`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def leads_by_status(self, campaign_id: CampaignId) -> Mapping[str, int]:
        return dict(sorted(Counter(lead.status.value for _, lead in self._leads(campaign_id)).items()))

    def leads(
        self, campaign_id: CampaignId, *, status: LeadStatus | None = None, after: int = 0, limit: int
    ) -> Sequence[LeadLook]:
        wanted = [
            (place, lead)
            for place, lead in self._leads(campaign_id)
            if place > after and (status is None or lead.status is status)
        ]
        return [self._look(place, lead) for place, lead in wanted[:limit]]

    def by_variant(self, campaign_id: CampaignId) -> Sequence[VariantFigures]:
        people = Counter(lead.variant for _, lead in self._leads(campaign_id))
        made = [
            each
            for each in self._store.attempts.values()
            if each.campaign_id == campaign_id and each.direction is Direction.OUTBOUND and each.provider_sid
        ]
        names = sorted({*people, *(each.variant for each in made)}, key=lambda name: (name is None, name or ""))
        return [self._figures(name, people[name], [each for each in made if each.variant == name]) for name in names]

    def first_calls(self, campaign_id: CampaignId, *, within: timedelta, since: datetime, now: datetime) -> FirstCalls:
        arrived = [
            lead
            for _, lead in self._leads(campaign_id)
            if lead.created_at >= since and self._ran(campaign_id, lead.created_at)
            if lead.asked_at is not None and lead.asked_at >= lead.created_at - JUST_ASKED
        ]
        rung = {lead.id: self._rung_at(lead) for lead in arrived}
        waits = sorted((at - lead.created_at).total_seconds() for lead in arrived if (at := rung[lead.id]))
        allowed = in_time = 0
        for lead in arrived:
            due_at, at = lead.created_at + within, rung[lead.id]
            if self._refused(lead, min(at or due_at, due_at)):
                continue
            was_in_time = at is not None and at <= due_at
            in_time += was_in_time
            allowed += was_in_time or due_at <= now
        return FirstCalls(
            within=within,
            arrived=len(arrived),
            allowed=allowed,
            in_time=in_time,
            p50_seconds=rank(waits, 50) if waits else None,
            p95_seconds=rank(waits, 95) if waits else None,
        )

    def promises(self, campaign_id: CampaignId, now: datetime) -> Promises:
        waiting = [
            lead
            for _, lead in self._leads(campaign_id)
            if lead.promised_at is not None and lead.status is LeadStatus.READY
        ]
        made = [
            each
            for each in self._store.attempts.values()
            if each.campaign_id == campaign_id and each.purpose is Purpose.CALLBACK
        ]
        return Promises(
            waiting=len(waiting),
            overdue=sum(lead.next_attempt_at is not None and lead.next_attempt_at <= now for lead in waiting),
            rung=sum(each.dial_started_at is not None for each in made),
        )

    def _leads(self, campaign_id: CampaignId) -> Iterator[tuple[int, Lead]]:
        """Each with its place in the list."""
        with self._store.lock:
            leads = list(self._store.leads.values())
        return ((place, lead) for place, lead in enumerate(leads, start=1) if lead.campaign_id == campaign_id)

    def _look(self, place: int, lead: Lead) -> LeadLook:
        calls = self._store.attempts.where("lead", lead.id)
        last = max(calls, key=lambda each: (each.planned_at, each.id), default=None)
        decisions = self._decisions(lead)
        return LeadLook(place=place, lead=lead, last=last, decision=decisions[-1] if decisions else None)

    def _decisions(self, lead: Lead) -> list[Permission]:
        return [permission for subject, permission in self._store.permissions if subject == lead.id]

    def _figures(self, name: str | None, people: int, made: Sequence[CallAttempt]) -> VariantFigures:
        talks = [each for each in made if self._has_talked(each)]
        ended = Counter(self._store.dispositions.get(each.id) for each in talks)
        return VariantFigures(
            variant=name,
            leads=people,
            dials=len(made),
            conversations=len(talks),
            qualified=sum(ended[disposition] for disposition in QUALIFIED),
            appointments=ended["appointment_set"],
            opt_outs=ended["opted_out"],
        )

    def _has_talked(self, attempt: CallAttempt) -> bool:
        parts = self._store.reports.get(attempt.id, {}).values()
        return attempt.answered_at is not None and any(part.heard == "human" for part in parts)

    def _ran(self, campaign_id: CampaignId, at: datetime) -> bool:
        moves = [move for move in self._store.campaign_moves.get(campaign_id, ()) if move.at <= at]
        return bool(moves) and moves[-1].state is CampaignState.RUNNING

    def _rung_at(self, lead: Lead) -> datetime | None:
        ours = [each for each in self._store.attempts.where("lead", lead.id) if each.direction is Direction.OUTBOUND]
        return min((each.dial_started_at for each in ours if each.dial_started_at), default=None)

    def _refused(self, lead: Lead, until: datetime) -> bool:
        return any(each.verdict is not Verdict.ALLOW and each.at <= until for each in self._decisions(lead))
