"""The first words of every call: the same for a whole campaign, so that they can be rendered before it starts."""

from collections.abc import Sequence

from shared.campaigns.campaign import Campaign, Opening, Seller

AGENT_NAME = "Ava"
RENDER = "render"
"""The topic of orders to render an opening; the voice node takes them."""


RECORDED, TRANSCRIBED = "This is a sales call and it's recorded.", "This is a sales call and it's transcribed."
RECORDED_INBOUND, TRANSCRIBED_INBOUND = "This call is recorded and transcribed.", "This call is transcribed."


def opening_text(seller: Seller, *, agent_name: str = AGENT_NAME, recorded: bool = True) -> str:
    """Who calls and that it is a machine, how to stop it, that it sells and what is kept: in the order the law wants.

    The identification comes first and the opt-out right after it; what concerns one lead alone is said afterwards.
    """
    return (
        f"Hi, this is {agent_name}, an AI assistant calling for {seller.registered_name}. "
        "Say stop or press 9 at any time and we won't call again. "
        f"{RECORDED if recorded else TRANSCRIBED}"
    )


def announces_recording(words: str) -> bool:
    """Whether who heard these words knows that the call is recorded."""
    return RECORDED in words or RECORDED_INBOUND in words


def unrendered(campaign: Campaign, openings: Sequence[Opening], seller: Seller) -> tuple[str, ...]:
    """The voices of the campaign, those of its variants too, for which the present words are not there as audio."""
    text = opening_text(seller, recorded=campaign.plan.recorded)
    there = {
        each.voice for each in openings if each.campaign_id == campaign.id and each.text == text and len(each.audio) > 0
    }
    return tuple(voice for voice in campaign.plan.voices(campaign.voice) if voice not in there)
