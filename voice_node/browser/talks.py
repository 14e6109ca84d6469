"""The worker's door for browsers: a ticket and an offer come in, an answer goes out, and a rehearsal is held."""

import asyncio
import logging
from contextlib import AsyncExitStack

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pipecat.transports.smallwebrtc.connection import IceServer
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from shared.conversation import CallBrief
from shared.conversation.talk_pass import NoLongerGood, read_ticket
from shared.kernel.errors import Malformed, ReautoError, Refused, Unavailable
from shared.talk_settings import TalkSettings
from voice_node.browser.line import browser_line
from voice_node.browser.peer import Peer
from voice_node.browser.rehearsal import rehearsal_kit
from voice_node.kit import CallKit
from voice_node.session import hold_call
from voice_node.workers import Admission, NoRoom

log = logging.getLogger(__name__)
MOST_BYTES = 1_000_000
FROM_ANY_PAGE = {"Access-Control-Allow-Origin": "*"}
"""The ticket is what lets somebody in, not where their page came from."""


class Offer(BaseModel):
    """What the page posts, as plain text, so that browsers ask nothing beforehand."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ticket: str
    sdp: str


class Talks:
    """The rehearsals of a worker; each takes one of its slots, as a call does."""

    def __init__(
        self,
        *,
        kit: CallKit,
        admission: Admission,
        token_secret: SecretStr,
        settings: TalkSettings,
    ) -> None:
        self._kit = kit
        self._admission = admission
        self._secret = token_secret
        self._ice_servers = _ice_servers(settings)
        self._held: set[asyncio.Task[None]] = set()
        self.router = APIRouter()
        self.router.add_api_route("/w/{worker}/talk", self.answer, methods=["POST"])

    async def answer(self, request: Request, worker: str) -> JSONResponse:
        """Take up an offer, or say in words why not."""
        try:
            sdp = await self._begin(await _offer(request), worker)
        except ReautoError as refusal:
            log.warning("A browser was refused", extra={"refusal": type(refusal).__name__})
            status = 503 if isinstance(refusal, NoRoom | Unavailable) else 409 if isinstance(refusal, Refused) else 400
            said = "the agent is busy: try again in a moment" if isinstance(refusal, NoRoom) else str(refusal)
            return JSONResponse({"detail": said}, status_code=status, headers=FROM_ANY_PAGE)
        return JSONResponse({"sdp": sdp}, headers=FROM_ANY_PAGE)

    async def close(self) -> None:
        """End what is still held."""
        for task in self._held:
            task.cancel()
        await asyncio.gather(*self._held, return_exceptions=True)

    async def _begin(self, offer: Offer, worker: str) -> str:
        name = self._kit.name
        if worker != name.worker:
            raise NoLongerGood(f"this is worker {name.worker}")
        secret, now = self._secret.get_secret_value(), self._kit.clock.now()
        brief = read_ticket(secret, offer.ticket, worker=worker, epoch=name.epoch, now=now)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._admission.enter(brief.attempt_id))
            peer = await Peer.answer(offer.sdp, ice_servers=self._ice_servers)
            stack.push_async_callback(peer.close)
            task = asyncio.create_task(self._hold(peer, brief, stack.pop_all()))
        self._held.add(task)
        task.add_done_callback(self._held.discard)
        return peer.sdp

    async def _hold(self, peer: Peer, brief: CallBrief, leaving: AsyncExitStack) -> None:
        async with leaving:
            try:
                await peer.arrive()
            except Unavailable:
                log.warning("A browser did not come", extra={"attempt": brief.attempt_id})
                return
            kit = rehearsal_kit(self._kit, peer, brief)
            await hold_call(browser_line(peer), brief.attempt_id, kit=kit)


async def _offer(request: Request) -> Offer:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise Malformed("the offer is too long")
    try:
        return Offer.model_validate_json(bytes(body))
    except ValidationError as error:
        raise Malformed("this is no offer of a browser") from error


def _ice_servers(settings: TalkSettings) -> list[IceServer]:
    """The servers by which a browser finds a node that it cannot send to directly."""
    user, password = settings.user or None, settings.password.get_secret_value() or None
    return [IceServer(urls=url, username=user, credential=password) for url in settings.ice_servers]
