"""Campaigns: made, filled with leads, started, paused, watched."""

from collections import Counter
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Body

from functions.api.access import Reach
from functions.api.answers import CampaignShown, Created, IntakeShown, LeadShown, Progress
from functions.api.bodies import CampaignBody, PauseBody
from shared.campaigns import Cadence, Campaign, CampaignState
from shared.campaigns.start import pause_campaign, prepare_campaign, schedule_campaign, start_campaign
from shared.costs import Budget
from shared.kernel.errors import Malformed, Refused
from shared.kernel.ids import BudgetId, CampaignId, SellerId
from shared.kernel.money import Money
from shared.kernel.phone import normalise
from shared.leads.csv_rows import rows_of_csv
from shared.leads.import_leads import import_leads
from shared.leads.intake import Intake

router = APIRouter(prefix="/v1/campaigns", tags=["campaigns"])
LARGEST_LIST = 6 * 1024 * 1024
"""Bytes; more does not fit through API Gateway and Lambda."""


@router.post("", status_code=201)
def add_campaign(body: CampaignBody, services: Reach) -> Created:
    """Make a campaign with a budget of its own, and have its opening rendered."""
    seller = services.campaigns.seller(SellerId(body.seller_id))
    if body.script not in services.scripts:
        raise Malformed(f"script: there is no {body.script!r}; there are {', '.join(sorted(services.scripts))}")
    budget = Budget(id=BudgetId(services.new_id()), seller_id=seller.id, limit=Money.usd(body.budget_usd))
    campaign = Campaign(
        id=CampaignId(services.new_id()),
        seller_id=seller.id,
        name=body.name,
        script=body.script,
        voice=body.voice,
        caller_id=normalise(body.caller_id),
        budget_id=budget.id,
        max_concurrency=body.max_concurrency,
        ring_timeout=timedelta(seconds=body.ring_timeout_seconds),
        time_limit=timedelta(seconds=body.time_limit_seconds),
        cadence=Cadence(max_attempts=body.max_attempts, max_per_day=body.max_attempts_per_day),
        created_at=services.clock.now(),
    )
    dearest = services.worst_case(campaign)
    if budget.limit < dearest:
        raise Malformed(f"budget_usd: one call may cost {dearest}: give at least that")
    services.costs.add_budget(budget)
    prepare_campaign(campaign, campaigns=services.campaigns)
    return Created(id=campaign.id)


@router.post("/{campaign_id}/leads")
def add_leads(
    campaign_id: CampaignId, rows: Annotated[bytes, Body(media_type="text/csv")], services: Reach
) -> IntakeShown:
    """Import a CSV: good rows become leads, every other row is listed with its line and what is wrong."""
    if len(rows) > LARGEST_LIST:
        raise Malformed("the list is longer than 6 MB: send it in parts")
    campaign = services.campaigns.get(campaign_id)
    if campaign.state is CampaignState.COMPLETED:
        raise Refused(f"campaign {campaign_id} is completed and rings nobody any more: make another one")
    intake = Intake(
        seller_id=campaign.seller_id, campaign_id=campaign_id, now=services.clock.now(), make_id=services.new_id
    )
    return IntakeShown.of(import_leads(rows_of_csv(rows), intake=intake, leads=services.leads))


@router.post("/{campaign_id}/start")
def start(campaign_id: CampaignId, services: Reach) -> CampaignShown:
    """Start a campaign: at once, or, answering ``scheduled``, as soon as its opening is rendered."""
    waiting = schedule_campaign(campaign_id, campaigns=services.campaigns)
    return CampaignShown.of(waiting) if waiting else _started(campaign_id, services)


@router.post("/{campaign_id}/resume")
def resume(campaign_id: CampaignId, services: Reach) -> CampaignShown:
    """Go on after a pause."""
    return _started(campaign_id, services)


@router.post("/{campaign_id}/pause")
def pause(campaign_id: CampaignId, services: Reach, body: PauseBody | None = None) -> CampaignShown:
    """Ring nobody new; calls under way are not cut."""
    because = (body or PauseBody()).because
    return CampaignShown.of(pause_campaign(campaign_id, because, campaigns=services.campaigns))


@router.get("")
def list_campaigns(services: Reach) -> list[CampaignShown]:
    """Every campaign, newest first."""
    return [CampaignShown.of(campaign) for campaign in services.campaigns.all()]


@router.get("/{campaign_id}")
def show_campaign(campaign_id: CampaignId, services: Reach) -> Progress:
    """How the campaign goes: its leads by status, and each of them."""
    campaign = services.campaigns.get(campaign_id)
    leads = services.leads.of_campaign(campaign_id)
    shown = []
    for lead in leads:
        attempts, decisions = services.calls.of_lead(lead.id), services.calls.permissions(lead.id)
        last, decision = attempts[-1] if attempts else None, decisions[-1] if decisions else None
        shown.append(LeadShown.of(lead, decision=decision, last=last))
    return Progress(
        campaign=CampaignShown.of(campaign),
        leads_by_status=dict(Counter(lead.status.value for lead in leads)),
        live_calls=services.calls.live_in_campaign(campaign_id),
        leads=tuple(shown),
    )


def _started(campaign_id: CampaignId, services: Reach) -> CampaignShown:
    campaign = start_campaign(
        campaign_id,
        campaigns=services.campaigns,
        costs=services.costs,
        prices=services.prices,
        scripts=services.scripts,
        now=services.clock.now(),
    )
    return CampaignShown.of(campaign)
