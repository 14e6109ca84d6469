"""A rehearsal: the agent talks to one of us in a browser. Nobody's lead is rung, and nothing of it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Annotated

from pydantic import Field

from shared.appointments import Agent, Appointment, WorkingHours
from shared.campaigns import Campaign, Opening, Seller
from shared.campaigns.opening import opening_text
from shared.conversation.brief import CallBrief, Message
from shared.conversation.offer import Offer
from shared.conversation.script_book import body_of
from shared.conversation.script_versions import BUILT_IN, ScriptVersion
from shared.kernel.ids import AgentId, AttemptId, CampaignId, LeadId, SellerId
from shared.leads import LeadKind

MARK = "rehearsal-"
"""What the id of every rehearsal begins with, and no attempt's."""
NOBODY, NOBODYS_PHONE = LeadId("rehearsal"), "+15125550199"
LONGEST = timedelta(minutes=10)


class Wish(Message):
    """What is to be rehearsed: the call of a campaign, or of a script alone; the agent takes you for the one named."""

    campaign_id: CampaignId | None = None
    script: str | None = None
    voice: str = "en-us+f2"
    first_name: Annotated[str, Field(min_length=1, max_length=80)] = "Alex"
    last_name: Annotated[str, Field(max_length=80)] = "Morgan"
    subject: Annotated[str, Field(max_length=200)] = "12 Oak Street"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where a rehearsal plays: whose call it is, and who keeps the appointments that it offers.

    ``opening_audio`` is mu-law at 8,000 Hz, and empty where it was not rendered: it is then spoken live.
    """

    title: str
    seller: Seller
    campaign_id: CampaignId
    script: str
    voice: str
    opening_text: str
    opening_audio: bytes = b""
    agents: Sequence[Agent] = ()
    booked: Sequence[Appointment] = ()
    time_limit: timedelta = LONGEST
    script_version: int = BUILT_IN
    script_body: str = ""


def campaign_stage(
    campaign: Campaign,
    seller: Seller,
    openings: Sequence[Opening],
    *,
    agents: Sequence[Agent],
    booked: Sequence[Appointment],
) -> Stage:
    """The campaign's own stage; what an experiment varies is as the campaign itself has it."""
    text = opening_text(seller, recorded=campaign.plan.recorded)
    rendered = (each.audio for each in openings if each.voice == campaign.voice and each.text == text)
    return Stage(
        title=campaign.name,
        seller=seller,
        campaign_id=campaign.id,
        script=campaign.script,
        voice=campaign.voice,
        opening_text=text,
        opening_audio=next(rendered, b""),
        agents=agents,
        booked=booked,
        time_limit=min(campaign.time_limit, LONGEST),
    )


def imagined_stage(script: str, voice: str) -> Stage:
    """A stage for a script alone, with a seller and an agent that do not exist."""
    seller = Seller(id=SellerId("rehearsal"), registered_name="Hill Country Homes", callback_number="+15125550100")
    weekdays = tuple(WorkingHours(weekday=day, opens=time(9), closes=time(17)) for day in range(5))
    agent = Agent(
        id=AgentId("rehearsal"), seller_id=seller.id, name="Maria Lopez", timezone="America/Chicago", hours=weekdays
    )
    return Stage(
        title=script.replace("_", " ").capitalize(),
        seller=seller,
        campaign_id=CampaignId("rehearsal"),
        script=script,
        voice=voice,
        opening_text=opening_text(seller, recorded=False),
        agents=[agent],
    )


def speaking(stage: Stage, version: ScriptVersion) -> Stage:
    """The stage with the words of a version; a draft's, too, which no call would speak.

    Raises:
        Malformed: The draft is no script yet.
    """
    body = version.body or ("" if version.number == BUILT_IN else body_of(version.text))
    return replace(stage, script=version.name, script_version=version.number, script_body=body)


def rehearsal_brief(stage: Stage, wish: Wish, *, name: str, now: datetime) -> CallBrief:
    """The brief of a call to nobody; ``name`` makes its id unlike any other."""
    return CallBrief(
        attempt_id=AttemptId(f"{MARK}{name}"),
        campaign_id=stage.campaign_id,
        seller_id=stage.seller.id,
        lead_id=NOBODY,
        seller_name=stage.seller.registered_name,
        callback_number=stage.seller.callback_number,
        agent_voice=stage.voice,
        script=stage.script,
        script_version=stage.script_version,
        script_body=stage.script_body,
        opening_text=stage.opening_text,
        opening_audio=stage.opening_audio,
        first_name=wish.first_name,
        last_name=wish.last_name,
        lead_kind=_kind_of(stage.script),
        subject=wish.subject,
        source="",
        asked_at=None,
        timezone=stage.agents[0].timezone if stage.agents else "America/Chicago",
        phone=NOBODYS_PHONE,
        slots=Offer().slots(stage.agents, stage.booked, now=now),
        time_limit=stage.time_limit,
    )


def _kind_of(script: str) -> LeadKind:
    """What the person wants, as the script's name begins: ``seller_home_value``, ``buyer_portal``, ``rental``."""
    if script == "open_house":
        return LeadKind.BUYER
    return next((kind for kind in LeadKind if script.startswith(kind[:4])), LeadKind.SELLER)
