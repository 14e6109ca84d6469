"""Work the control plane asks of the node: rendering the openings and prompts of campaigns."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.campaigns import Opening
from shared.campaigns.prompts import Prompt, PromptKind
from shared.kernel.clock import Clock
from shared.kernel.errors import Malformed
from shared.kernel.ids import CampaignId
from shared.kernel.outbox import NewMessage, OutboxMessage
from voice_node.errands import Outbox
from voice_node.speech.voice import Voice

log = logging.getLogger(__name__)

NEXT_TOPIC = "dispatch"


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
class Renders:
    """The errand ``render``. A message that is repeated renders the same audio again."""

    outbox: Outbox
    openings: Openings
    prompts: Prompts
    renderer: Renderer
    clock: Clock

    async def __call__(self, message: OutboxMessage) -> None:
        """Render an opening, or a prompt.

        Raises:
            Malformed: The message asks for nothing that there is.
            Unavailable: It cannot be rendered, or kept, now.
        """
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
