"""What a campaign has ready to say besides its opening: to who calls us, after a broken line, to a voicemail."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shared.campaigns.calling_plan import CallingPlan, VoicemailPolicy
from shared.campaigns.campaign import Campaign, Seller
from shared.campaigns.opening import AGENT_NAME, RECORDED_INBOUND, RENDER, TRANSCRIBED_INBOUND
from shared.kernel.ids import CampaignId
from shared.kernel.outbox import NewMessage


class PromptKind(StrEnum):
    """When it is said."""

    INBOUND = "inbound"
    RECOVERY = "recovery"
    VOICEMAIL = "voicemail"


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """Words that are rendered before they are needed: mu-law, 8,000 Hz, mono."""

    campaign_id: CampaignId
    voice: str
    kind: PromptKind
    text: str
    audio: bytes
    rendered_at: datetime


class PromptRepository(Protocol):
    """Where rendered prompts are kept."""

    def save_prompt(self, prompt: Prompt) -> None:
        """Keep a rendered prompt, replacing an older one of its campaign, voice and kind."""
        ...

    def prompt(self, campaign_id: CampaignId, *, voice: str, kind: PromptKind) -> Prompt | None:
        """The rendered prompt, if there is one."""
        ...


def inbound_text(company: str, *, recorded: bool = True) -> str:
    """The first words to who calls us: whose line it is, that a machine answers, what is kept, the way out."""
    return (
        f"Thanks for calling {company}. I'm an AI assistant. {RECORDED_INBOUND if recorded else TRANSCRIBED_INBOUND} "
        "Say person at any time to reach someone."
    )


def recovery_text(company: str, *, agent_name: str = AGENT_NAME) -> str:
    """The first words after a line that broke was connected again."""
    return f"Sorry, we lost the connection for a moment. This is {agent_name} again, the AI assistant for {company}."


def voicemail_text(company: str, *, words: str, opt_out_number: str) -> str:
    """What a voicemail hears: who called, the campaign's own words, and where to opt out at no cost."""
    digits = " ".join(opt_out_number.removeprefix("+1"))
    said = words.strip().rstrip(".")
    return (
        f"Hi, this is {AGENT_NAME}, an AI assistant calling for {company}. {said}. "
        f"To stop these calls, call {digits} at any time. Goodbye."
    )


def prompt_texts(seller: Seller, plan: CallingPlan) -> dict[PromptKind, str]:
    """Everything that a campaign of this seller needs ready, by kind."""
    company = seller.registered_name
    texts = {
        PromptKind.INBOUND: inbound_text(company, recorded=plan.recorded),
        PromptKind.RECOVERY: recovery_text(company),
    }
    if plan.voicemail is VoicemailPolicy.MESSAGE and plan.opt_out_number:
        texts[PromptKind.VOICEMAIL] = voicemail_text(
            company, words=plan.voicemail_text, opt_out_number=plan.opt_out_number
        )
    return texts


def prompt_orders(campaign: Campaign, seller: Seller) -> tuple[NewMessage, ...]:
    """Orders to render every prompt of a campaign in each of its voices; what is missing is spoken live meanwhile."""
    return tuple(
        NewMessage(
            topic=RENDER,
            body={"campaign_id": campaign.id, "voice": voice, "text": text, "kind": kind.value},
        )
        for voice in campaign.plan.voices(campaign.voice)
        for kind, text in prompt_texts(seller, campaign.plan).items()
    )
