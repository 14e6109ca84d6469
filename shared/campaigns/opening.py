"""The first words of every call: the same for a whole campaign, so that they can be rendered before it starts."""

from shared.campaigns.campaign import Campaign, Opening, Seller

AGENT_NAME = "Ava"
RENDER = "render"
"""The topic of orders to render an opening; the voice node takes them."""


def opening_text(seller: Seller, *, agent_name: str = AGENT_NAME) -> str:
    """Who calls and that it is a machine, how to stop it, that it sells and is recorded: in the order the law wants.

    The identification comes first and the opt-out right after it; what concerns one lead alone is said afterwards.
    """
    return (
        f"Hi, this is {agent_name}, an AI assistant calling for {seller.registered_name}. "
        "Say stop or press 9 at any time and we won't call again. "
        "This is a sales call and it's recorded."
    )


def is_rendered(campaign: Campaign, opening: Opening | None, seller: Seller) -> bool:
    """Whether ``opening`` is audio of the campaign's present voice and words."""
    return (
        opening is not None
        and opening.campaign_id == campaign.id
        and opening.voice == campaign.voice
        and opening.text == opening_text(seller)
        and len(opening.audio) > 0
    )
