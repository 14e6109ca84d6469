"""Plan attempts for the leads of a campaign that are due, as many as there is room and money for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.calls.attempt import CallAttempt
from shared.calls.decide import decide, is_only_about_us, lead_after
from shared.calls.facts import FactSource
from shared.calls.permission import Permission, Verdict
from shared.campaigns import Campaign, CampaignState
from shared.campaigns.lifecycle import completed
from shared.costs import BudgetExhausted, Reservation
from shared.kernel.errors import Conflict
from shared.kernel.ids import AttemptId, CampaignId
from shared.kernel.outbox import NewMessage
from shared.leads import Lead, LeadStatus

DIAL_WITHIN = timedelta(seconds=90)
RECONCILE_AFTER = timedelta(seconds=90)
BATCH = 50
EXAMINED_PER_ROUND = 500
OPEN = frozenset({LeadStatus.NEW, LeadStatus.READY, LeadStatus.CLAIMED, LeadStatus.IN_CALL})


@dataclass(frozen=True, kw_only=True)
class DispatchRound:
    """What one round did, in numbers fit for a log line."""

    planned: int = 0
    deferred: int = 0
    denied: int = 0
    stopped_by: str | None = None


def dispatch_campaign(
    campaign_id: CampaignId, *, sources: FactSource, now: datetime, new_attempt_id: Callable[[], AttemptId]
) -> DispatchRound:
    """One round for one campaign: every due lead is planned, put off or parted with, until room or money ends.

    A campaign without open leads is completed.

    Raises:
        NotFound: There is no such campaign.
        Unavailable: A source of facts is away; nothing is planned without facts.
    """
    campaign = sources.campaigns.get(campaign_id)
    done = DispatchRound()
    if campaign.state is not CampaignState.RUNNING:
        return replace(done, stopped_by=f"campaign {campaign.state.value}")
    for lead in _due(campaign_id, sources, now):
        permission = decide(sources.for_claim(lead, campaign, free_slots=sources.capacity.free(), now=now), now=now)
        if permission.verdict is Verdict.ALLOW:
            stopped_by = _plan(lead, campaign, permission, sources=sources, now=now, attempt_id=new_attempt_id())
            if stopped_by:
                return replace(done, stopped_by=stopped_by)
            done = replace(done, planned=done.planned + 1)
            continue
        after = lead_after(lead, permission)
        if is_only_about_us(permission) or after == lead:
            return replace(done, stopped_by=permission.reasons[0])
        sources.calls.decline(after, permission)
        if permission.verdict is Verdict.DEFER:
            done = replace(done, deferred=done.deferred + 1)
        else:
            done = replace(done, denied=done.denied + 1)
    if done.planned == 0:
        _complete_if_done(campaign, sources)
    return done


def _due(campaign_id: CampaignId, sources: FactSource, now: datetime) -> Iterator[Lead]:
    """Due leads, batch by batch; whatever is done with one takes it out of the next batch."""
    seen: set[str] = set()
    while len(seen) < EXAMINED_PER_ROUND:
        fresh = [lead for lead in sources.leads.due(campaign_id, now, limit=BATCH) if lead.id not in seen]
        if not fresh:
            return
        seen.update(lead.id for lead in fresh)
        yield from fresh


def _plan(
    lead: Lead,
    campaign: Campaign,
    permission: Permission,
    *,
    sources: FactSource,
    now: datetime,
    attempt_id: AttemptId,
) -> str | None:
    """Hold a slot, then claim the lead and the money at once; why the round should stop, if it should.

    The slot comes first: a lead is never claimed for a call that nobody could talk in.
    """
    lease = sources.capacity.acquire(attempt_id, hold_for=DIAL_WITHIN)
    if lease is None:
        return "no voice worker has room"
    attempt = CallAttempt(
        id=attempt_id,
        seller_id=lead.seller_id,
        campaign_id=campaign.id,
        lead_id=lead.id,
        attempt_no=len(sources.calls.of_lead(lead.id)) + 1,
        phone=lead.phone,
        caller_id=campaign.caller_id,
        planned_at=now,
        dial_deadline=now + DIAL_WITHIN,
        worker=lease.worker,
        slot_epoch=lease.epoch,
    )
    reservation = Reservation(
        attempt_id=attempt_id, budget_id=campaign.budget_id, amount=sources.worst_case(campaign), made_at=now
    )
    about_it = {"attempt_id": attempt_id}
    messages = (
        NewMessage(topic="dial", body=about_it, group=lead.seller_id),
        NewMessage(topic="reconcile", body=about_it, available_at=attempt.dial_deadline + RECONCILE_AFTER),
    )
    try:
        sources.calls.plan(attempt, lead.claimed(), permission, reservation, *messages)
    except BudgetExhausted:
        sources.capacity.release(attempt_id, worker=lease.worker)
        return "the budget has no room for another call"
    except Conflict:
        sources.capacity.release(attempt_id, worker=lease.worker)
        return "another round claims the same leads"
    return None


def _complete_if_done(campaign: Campaign, sources: FactSource) -> None:
    """Complete a campaign that has leads, none of which waits for a call or is in one."""
    if sources.calls.live_in_campaign(campaign.id):
        return
    leads = sources.leads.of_campaign(campaign.id)
    if leads and not any(lead.status in OPEN for lead in leads):
        sources.campaigns.save(completed(campaign), was=campaign.state)
