"""Work the control plane asks of the node: rendering the openings and prompts of campaigns."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.campaigns import Opening
from shared.campaigns.prompts import Prompt, PromptKind
from shared.kernel.clock import Clock
from shared.kernel.errors import Malformed, ReautoError, Unavailable
from shared.kernel.ids import CampaignId
from shared.kernel.outbox import NewMessage, OutboxMessage
from voice_node.speech.voice import Voice

log = logging.getLogger(__name__)

TOPIC, NEXT_TOPIC = "render", "dispatch"
LEASE = timedelta(minutes=1)
RETRY_IN = timedelta(seconds=5)
MOST_RECEIVES = 5
IDLE_SECONDS, AWAY_SECONDS = 0.3, 3.0


class Outbox(Protocol):
    """The part of the outbox that a consumer needs."""

    def put(self, messages: Sequence[NewMessage], now: datetime) -> None:
        """Write messages."""
        ...

    def lease(self, *, topic: str, now: datetime, lease_for: timedelta, limit: int) -> list[OutboxMessage]:
        """Due messages, hidden from others for a while."""
        ...

    def done(self, ids: Sequence[str]) -> None:
        """Forget messages that were dealt with."""
        ...

    def failed(self, message_id: str, *, now: datetime, retry_in: timedelta, max_receives: int, error: str) -> bool:
        """Offer the message again later, or lay it aside."""
        ...


class Openings(Protocol):
    """Where rendered openings are kept."""

    def save_opening(self, opening: Opening) -> None:
        """Keep a rendered opening, replacing an older one."""
        ...


class Prompts(Protocol):
    """Where rendered prompts are kept."""

    def save_prompt(self, prompt: Prompt) -> None:
        """Keep a rendered prompt, replacing an older one."""
        ...


class Renderer(Protocol):
    """A speech engine that renders whole texts."""

    async def render_mulaw(self, text: str, voice: Voice) -> bytes:
        """The text as mu-law at 8,000 Hz.

        Raises:
            Malformed: There is no such voice.
            Unavailable: The engine is gone and did not come back.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class RenderJobs:
    """Takes ``render`` messages straight from the outbox. A message that is repeated renders the same audio again."""

    outbox: Outbox
    openings: Openings
    prompts: Prompts
    renderer: Renderer
    clock: Clock

    async def run(self) -> None:
        """Work until cancelled. A database that is away is asked again after a while."""
        while True:
            try:
                worked = await self.work_once()
            except Unavailable:
                log.warning("The outbox cannot be reached")
                await asyncio.sleep(AWAY_SECONDS)
                continue
            if not worked:
                await asyncio.sleep(IDLE_SECONDS)

    async def work_once(self) -> int:
        """Deal with what is due now; returns how many messages there were.

        Raises:
            Unavailable: The outbox cannot be reached.
        """
        now = self.clock.now()
        messages = await asyncio.to_thread(self.outbox.lease, topic=TOPIC, now=now, lease_for=LEASE, limit=4)
        for message in messages:
            try:
                await self._render(message)
            except ReautoError as error:
                log.warning("Words could not be rendered", extra={"job": message.id, "fault": type(error).__name__})
                await asyncio.to_thread(
                    self.outbox.failed,
                    message.id,
                    now=self.clock.now(),
                    retry_in=RETRY_IN,
                    max_receives=1 if isinstance(error, Malformed) else MOST_RECEIVES,
                    error=str(error),
                )
            else:
                await asyncio.to_thread(self.outbox.done, [message.id])
        return len(messages)

    async def _render(self, message: OutboxMessage) -> None:
        try:
            campaign_id = CampaignId(message.body["campaign_id"])
            voice, text = str(message.body["voice"]), str(message.body["text"])
        except KeyError as missing:
            raise Malformed(f"a render message needs {missing}") from missing
        kind = message.body.get("kind")
        audio = await self.renderer.render_mulaw(text, Voice(name=voice))
        now = self.clock.now()
        if kind is not None:
            prompt = _prompt(kind, campaign_id=campaign_id, voice=voice, text=text, audio=audio, now=now)
            await asyncio.to_thread(self.prompts.save_prompt, prompt)
            log.info("Prompt rendered", extra={"campaign": campaign_id, "kind": kind})
            return
        opening = Opening(campaign_id=campaign_id, voice=voice, text=text, audio=audio, rendered_at=now)
        await asyncio.to_thread(self.openings.save_opening, opening)
        following = NewMessage(topic=NEXT_TOPIC, body={"campaign_id": campaign_id})
        await asyncio.to_thread(self.outbox.put, [following], now)
        log.info("Opening rendered", extra={"campaign": campaign_id, "seconds": round(len(audio) / 8_000, 1)})


def _prompt(kind: str, *, campaign_id: CampaignId, voice: str, text: str, audio: bytes, now: datetime) -> Prompt:
    if kind not in {each.value for each in PromptKind}:
        raise Malformed(f"there is no prompt {kind!r}")
    return Prompt(campaign_id=campaign_id, voice=voice, kind=PromptKind(kind), text=text, audio=audio, rendered_at=now)
