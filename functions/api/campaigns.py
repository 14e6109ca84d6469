"""Campaigns: made, changed, started, paused, watched."""

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

from fastapi import APIRouter

from functions.api.access import Reach
from functions.api.answers import Created
from functions.api.campaign_answers import (
    CampaignShown,
    FiguresShown,
    LeadPage,
    Progress,
    breaker_shown,
    first_calls_shown,
    move_shown,
    promises_shown,
    variant_shown,
)
from functions.api.campaign_bodies import CampaignBody, CampaignChange, PauseBody
from functions.bootstrap import Services
from shared.campaigns import Cadence, CallingPlan, Campaign
from shared.campaigns.change import change_campaign
from shared.campaigns.number_pool import check_caller_id, register_caller_id
from shared.campaigns.start import pause_campaign, prepare_campaign, schedule_campaign, start_campaign
from shared.campaigns.time_limit import lasting, longest_call, shortest_of
from shared.campaigns.watch import calls_by_window
from shared.conversation.prompt_templates import prompt_versions
from shared.costs import Budget
from shared.kernel.errors import Malformed
from shared.kernel.ids import BudgetId, CampaignId, SellerId
from shared.kernel.money import Money
from shared.kernel.phone import normalise

router = APIRouter(prefix="/v1/campaigns", tags=["campaigns"])
FIRST_LEADS = 100
FIGURES_OF = timedelta(days=30)


@router.post("", status_code=201)
def add_campaign(body: CampaignBody, services: Reach) -> Created:
    """Make a campaign with a budget of its own, and have its opening rendered; its caller id joins our numbers."""
    seller = services.campaigns.seller(SellerId(body.seller_id))
    budget = Budget(id=BudgetId(services.new_id()), seller_id=seller.id, limit=Money.usd(body.budget_usd))
    blank = Campaign(
        id=CampaignId(services.new_id()),
        seller_id=seller.id,
        name=body.name,
        script=body.script,
        voice=body.voice or services.scripts.script(body.script).voice.name,
        caller_id=normalise(body.caller_id),
        budget_id=budget.id,
        cadence=Cadence(),
        plan=CallingPlan(),
        created_at=services.clock.now(),
    )
    campaign = _with(blank, body, services)
    dearest = services.worst_case(_longest_call(campaign, services))
    if budget.limit < dearest:
        raise Malformed(f"budget_usd: one call may cost {dearest}: give at least that")
    check_caller_id(campaign, services.own_numbers)
    services.costs.add_budget(budget)
    prepare_campaign(campaign, campaigns=services.campaigns)
    register_caller_id(campaign, services.own_numbers, now=campaign.created_at)
    return Created(id=campaign.id)


@router.patch("/{campaign_id}")
def change(campaign_id: CampaignId, body: CampaignChange, services: Reach) -> CampaignShown:
    """Change what is given; leads keep their times, promises and variants, calls under way go on."""
    campaign = services.campaigns.get(campaign_id)
    changed = change_campaign(
        campaign,
        _with(campaign, body, services),
        campaigns=services.campaigns,
        own_numbers=services.own_numbers,
        now=services.clock.now(),
    )
    return CampaignShown.of(changed)


@router.post("/{campaign_id}/start")
def start(campaign_id: CampaignId, services: Reach) -> CampaignShown:
    """Start or resume: at once, or, answering ``scheduled``, when its opening is rendered and its time has come."""
    now = services.clock.now()
    waiting = schedule_campaign(campaign_id, campaigns=services.campaigns, now=now)
    return CampaignShown.of(waiting or start_campaign(campaign_id, starting=services.starting, now=now))


@router.post("/{campaign_id}/resume")
def resume(campaign_id: CampaignId, services: Reach) -> CampaignShown:
    """Go on after a pause; what was promised meanwhile is still kept."""
    return start(campaign_id, services)


@router.post("/{campaign_id}/pause")
def pause(campaign_id: CampaignId, services: Reach, body: PauseBody | None = None) -> CampaignShown:
    """Ring nobody new; calls under way are not cut."""
    because, now = (body or PauseBody()).because, services.clock.now()
    return CampaignShown.of(pause_campaign(campaign_id, because, campaigns=services.campaigns, now=now))


@router.get("")
def list_campaigns(services: Reach) -> list[CampaignShown]:
    """Every campaign, newest first."""
    return [CampaignShown.of(campaign) for campaign in services.campaigns.all()]


@router.get("/{campaign_id}")
def show_campaign(campaign_id: CampaignId, services: Reach) -> Progress:
    """How the campaign goes: its leads by status, and the first of them."""
    campaign = services.campaigns.get(campaign_id)
    page = LeadPage.of(services.board.leads(campaign_id, limit=FIRST_LEADS), limit=FIRST_LEADS)
    return Progress(
        campaign=CampaignShown.of(campaign),
        leads_by_status=dict(services.board.leads_by_status(campaign_id)),
        live_calls=services.campaign_calls.live(campaign_id),
        leads=page.leads,
        after=page.after,
    )


@router.get("/{campaign_id}/figures")
def show_figures(campaign_id: CampaignId, services: Reach) -> FiguresShown:
    """Speed to lead, promised call-backs, the experiment's variants, the breaker, and every move of the campaign."""
    campaign, now, board = services.campaigns.get(campaign_id), services.clock.now(), services.board
    within, since = campaign.plan.first_call_within, now - FIGURES_OF
    variants = board.by_variant(campaign_id) if campaign.plan.experiment else ()
    counts = calls_by_window(campaign, calls=services.campaign_calls, now=now)
    return FiguresShown(
        first_calls=first_calls_shown(board.first_calls(campaign_id, within=within, since=since, now=now)),
        promises=promises_shown(board.promises(campaign_id, now)),
        variants=tuple(variant_shown(each) for each in variants),
        breaker=breaker_shown(campaign.plan.breaker, counts),
        moves=tuple(move_shown(move) for move in services.campaigns.moves(campaign_id)),
    )


def _with(campaign: Campaign, body: CampaignBody | CampaignChange, services: Services) -> Campaign:
    """The campaign with what the body gives.

    Raises:
        Malformed: It names a script or a prompt that is not there, or makes no plan.
    """
    given = {name: getattr(body, name) for name in ("name", "script", "voice", "max_concurrency", "priority")}
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    for name in {"starts_at", "ends_at"} & body.model_fields_set:
        moment = getattr(body, name)
        changes[name] = moment.astimezone(UTC) if moment else None
    for name in ("ring_timeout", "time_limit"):
        seconds = getattr(body, f"{name}_seconds")
        changes |= {name: timedelta(seconds=seconds)} if seconds is not None else {}
    changes |= {"caller_id": normalise(body.caller_id)} if body.caller_id else {}
    plan, cadence = body.plan.over(campaign.plan), body.over(campaign.cadence)
    changed = replace(campaign, **changes, plan=plan, cadence=cadence)
    usable = services.scripts.usable(campaign.seller_id)
    for script in plan.scripts(changed.script):
        if script not in usable:
            raise Malformed(f"script: there is no {script!r}; there are {', '.join(usable)}")
    for prompt in plan.prompts:
        if prompt not in prompt_versions():
            raise Malformed(f"prompt: there is no {prompt!r}; there are {', '.join(prompt_versions())}")
    _longest_call(changed, services)
    return changed


def _longest_call(campaign: Campaign, services: Services) -> Campaign:
    """The campaign as it is for its longest call: none costs more than one call may.

    Raises:
        Malformed: The shortest call would cost more.
    """
    shortest, most = services.horizons.shortest_call, campaign.plan.call_limit
    limit = longest_call(campaign, available=most, worst_case=services.worst_case, shortest=shortest)
    if limit is None:
        seconds = int(shortest_of(campaign, shortest).total_seconds())
        raise Malformed(f"call_limit_usd: a call of {seconds} seconds may cost more than {most}")
    return lasting(campaign, limit)
