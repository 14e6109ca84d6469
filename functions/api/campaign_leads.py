"""Leads of a campaign: imported by the list, or one by one as they ask; shown page by page."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Body as Sent
from pydantic import Field

from functions.api.access import Reach
from functions.api.answers import Created, IntakeShown
from functions.api.bodies import Body
from functions.api.campaign_answers import LeadPage
from functions.bootstrap import Services
from shared.campaigns import Campaign, CampaignState
from shared.campaigns.queue_order import HIGHEST_WISH, Turn
from shared.kernel.errors import Conflict, Malformed
from shared.kernel.ids import CampaignId
from shared.kernel.outbox import NewMessage
from shared.kernel.week import read_week
from shared.leads import LeadStatus
from shared.leads.csv_rows import Row, rows_of_csv
from shared.leads.import_leads import ALREADY_THERE, import_leads
from shared.leads.intake import Intake
from shared.leads.ports import CampaignOver

router = APIRouter(prefix="/v1/campaigns", tags=["leads"])
LARGEST_LIST = 6 * 1024 * 1024
"""Bytes; more does not fit through API Gateway and Lambda."""
Priority = Annotated[int, Query(ge=0, le=HIGHEST_WISH, description="Rung first where it is higher")]
Hours = Annotated[
    list[str] | None, Query(description="When these people want to be rung, such as `mon-fri 17:00-20:00`")
]
Limit = Annotated[int, Query(ge=1, le=1000)]
After = Annotated[int, Query(ge=0, description="The place that the answer before ended with")]


class LeadBody(Body):
    """A person who has just asked; the fields are the columns of a list, and read in the same way."""

    first_name: str
    phone: str
    consent_text: str
    consent_channels: str = Field(examples=["ai_voice, sms"])
    consent_at: str = Field(examples=["2026-03-01T10:00:00Z"])
    consent_url: str = Field(description="The page, document or recording that the consent was given in")
    last_name: str | None = None
    email: str | None = None
    kind: str | None = Field(default=None, examples=["seller"])
    subject: str | None = None
    source: str | None = None
    asked_at: str | None = Field(default=None, description="Now, when it is left out")
    timezone: str | None = Field(default=None, examples=["America/Chicago"])
    state: str | None = Field(default=None, examples=["TX"])
    postal_code: str | None = None
    consent_method: str | None = None


@router.post("/{campaign_id}/leads")
def add_leads(
    campaign_id: CampaignId,
    rows: Annotated[bytes, Sent(media_type="text/csv")],
    services: Reach,
    priority: Priority = 0,
    hours: Hours = None,
) -> IntakeShown:
    """Import a CSV: good rows become leads, every other row is listed with its line and what is wrong.

    Who asked within the last hour is rung first, and at once where the campaign runs.
    """
    if len(rows) > LARGEST_LIST:
        raise Malformed("the list is longer than 6 MB: send it in parts")
    campaign = _open_campaign(campaign_id, services)
    intake = _intake(campaign, services, priority=priority, hours=hours)
    report = import_leads(rows_of_csv(rows), intake=intake, leads=services.leads)
    _ring(campaign, services, arrived=len(report.accepted))
    return IntakeShown.of(report)


@router.post("/{campaign_id}/lead", status_code=201)
def add_lead(
    campaign_id: CampaignId,
    body: LeadBody,
    services: Reach,
    priority: Priority = 0,
    hours: Hours = None,
) -> Created:
    """Take one person who has just asked, by the columns of a list; where the campaign runs they are rung at once."""
    campaign = _open_campaign(campaign_id, services)
    intake = _intake(campaign, services, priority=priority, hours=hours)
    cells = {name: value for name, value in body.model_dump(exclude={"version"}).items() if value}
    cells.setdefault("asked_at", intake.now.isoformat())
    report = import_leads([Row(line=1, cells=cells)], intake=intake, leads=services.leads)
    for refused in report.refused:
        kind = Conflict if refused.reason == ALREADY_THERE else Malformed
        raise kind(f"{refused.column}: {refused.reason}")
    _ring(campaign, services, arrived=len(report.accepted))
    return Created(id=report.accepted[0].lead.id)


@router.get("/{campaign_id}/leads")
def list_leads(
    campaign_id: CampaignId, services: Reach, status: LeadStatus | None = None, after: After = 0, limit: Limit = 100
) -> LeadPage:
    """Leads in the order they came, of one status or of all."""
    services.campaigns.get(campaign_id)
    return LeadPage.of(services.board.leads(campaign_id, status=status, after=after, limit=limit), limit=limit)


def _open_campaign(campaign_id: CampaignId, services: Services) -> Campaign:
    campaign = services.campaigns.get(campaign_id)
    if campaign.state is CampaignState.COMPLETED:
        raise CampaignOver(campaign_id)
    return campaign


def _intake(campaign: Campaign, services: Services, *, priority: int, hours: list[str] | None) -> Intake:
    return Intake(
        seller_id=campaign.seller_id,
        campaign_id=campaign.id,
        now=services.clock.now(),
        priority=priority,
        ahead=Turn.FRESH,
        hours=read_week(hours or ()),
        make_id=services.new_id,
    )


def _ring(campaign: Campaign, services: Services, *, arrived: int) -> None:
    """Have a running campaign look at who arrived at once, not with its next minute."""
    if arrived and campaign.state is CampaignState.RUNNING:
        ring = NewMessage(topic="dispatch", body={"campaign_id": campaign.id}, group=campaign.seller_id)
        services.campaigns.tell(ring)
