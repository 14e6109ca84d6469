"""Talking to the agent from a browser: links to a page, the page, and the way from the page to a voice worker."""

from datetime import timedelta
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from pydantic import Field

from functions.api.access import Reach
from functions.api.answers import Shown
from functions.api.bodies import Body, Name, Voice
from functions.bootstrap import Services
from functions.services import TOKEN_SECRET, needed
from shared.conversation.offer import Offer
from shared.conversation.rehearsal import Stage, Wish, campaign_stage, imagined_stage, rehearsal_brief, speaking
from shared.conversation.talk_pass import PASS_FOR, read_pass, write_pass, write_ticket
from shared.kernel.errors import Malformed, Unavailable
from shared.kernel.ids import CampaignId

router = APIRouter(prefix="/v1", tags=["rehearsals"])
open_router = APIRouter(prefix="/v1", tags=["rehearsals"])
HOLD_FOR = timedelta(seconds=30)
"""How long a slot waits for the browser that asked for it."""
PAGE = Path(__file__).with_name("talk.html")
SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
        "connect-src http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "microphone=(self)",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class TalkBody(Body):
    """What is to be rehearsed: the call of a campaign, or of a script alone, and whom the agent takes you for."""

    campaign_id: str | None = None
    script: str | None = None
    voice: Voice = "en-us+f2"
    first_name: Name = "Alex"
    last_name: str = "Morgan"
    subject: str = "12 Oak Street"


class TalkShown(Shown):
    """A page to open, good for so many seconds."""

    url: str
    pass_text: str
    seconds: int


class TokenBody(Body):
    """Who will call: a name of letters, digits and underscores, of which two at once are one."""

    identity: str = Field(default="operator", pattern=r"^[A-Za-z0-9_]{1,121}$")


class TokenShown(Shown):
    """A token for the carrier's Voice SDK, good for an hour."""

    identity: str
    token: str


class SessionBody(Body):
    """The pass that the page's address carries."""

    pass_text: str


class SessionShown(Shown):
    """Where to send the browser's offer, with the ticket, within a minute; whose call it is, and whom one plays."""

    offer_url: str
    ticket: str
    title: str
    seller: str
    you: str


@router.post("/talks", status_code=201)
def make_link(body: TalkBody, services: Reach) -> TalkShown:
    """A link to a page that talks to the agent. No phone rings, no lead is involved, nothing is kept."""
    if (body.campaign_id is None) == (body.script is None):
        raise Malformed("name a campaign_id or a script, not both")
    wish = Wish(
        campaign_id=CampaignId(body.campaign_id) if body.campaign_id else None,
        script=body.script,
        voice=body.voice,
        first_name=body.first_name,
        last_name=body.last_name,
        subject=body.subject,
    )
    _stage(wish, services)
    text = write_pass(_secret(services), wish, now=services.clock.now())
    url = f"{services.public_base_url.rstrip('/')}/v1/talk#{text}"
    return TalkShown(url=url, pass_text=text, seconds=int(PASS_FOR.total_seconds()))


@router.post("/voice-tokens", status_code=201)
def issue_token(body: TokenBody, services: Reach) -> TokenShown:
    """A token with which Twilio's Voice SDK calls our TwiML application: a real call, which the carrier charges."""
    return TokenShown(identity=body.identity, token=services.voice_tokens.issue(body.identity))


@open_router.post("/talk/sessions", status_code=201)
def begin(body: SessionBody, services: Reach) -> SessionShown:
    """Find a worker with room for a rehearsal; the pass is what lets the page in."""
    now, secret = services.clock.now(), _secret(services)
    wish = read_pass(secret, body.pass_text, now=now).wish
    stage = _stage(wish, services)
    brief = rehearsal_brief(stage, wish, name=services.new_id(), now=now)
    reserve = services.campaigns.inbound_reserve()
    lease = services.capacity.acquire(brief.attempt_id, hold_for=HOLD_FOR, leave_free=reserve)
    if lease is None:
        raise Unavailable("no voice worker has room now: try again in a moment")
    return SessionShown(
        offer_url=f"{lease.url.rstrip('/').replace('ws', 'http', 1)}/w/{lease.worker}/talk",
        ticket=write_ticket(secret, brief, worker=lease.worker, epoch=lease.epoch, now=now),
        title=stage.title,
        seller=stage.seller.registered_name,
        you=f"{wish.first_name} {wish.last_name}".strip(),
    )


@open_router.get("/talk", include_in_schema=False)
def show_page() -> HTMLResponse:
    """The page itself; without a pass in its address it says how to get one."""
    return HTMLResponse(_page(), headers=SAFE)


@cache
def _page() -> str:
    return PAGE.read_text(encoding="utf-8")


def _stage(wish: Wish, services: Services) -> Stage:
    if wish.campaign_id is None:
        version = services.scripts.spoken(wish.script or "")
        return speaking(imagined_stage(version.name, wish.voice), version)
    campaign = services.campaigns.get(wish.campaign_id)
    earliest, latest = Offer().window(services.clock.now())
    stage = campaign_stage(
        campaign,
        services.campaigns.seller(campaign.seller_id),
        services.campaigns.openings(campaign.id),
        agents=services.appointments.agents(campaign.seller_id),
        booked=services.appointments.booked(campaign.seller_id, starts_from=earliest, until=latest),
    )
    return speaking(stage, services.scripts.spoken(campaign.script))


def _secret(services: Services) -> str:
    return needed(TOKEN_SECRET, services.call_token_secret)
