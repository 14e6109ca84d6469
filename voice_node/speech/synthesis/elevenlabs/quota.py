"""What the account has left, asked now and then, and counted down in between."""

import asyncio
import logging

from voice_node.speech.synthesis.elevenlabs.account import ElevenLabsAccount
from voice_node.speech.synthesis.port import SynthesisFailed

log = logging.getLogger(__name__)

EVERY_SECONDS = 120.0


class QuotaWatch:
    """``left`` is the characters that may still be spoken, ``None`` before the account has told."""

    def __init__(self, account: ElevenLabsAccount) -> None:
        self._account = account
        self.left: int | None = None

    def spent(self, characters: int) -> None:
        """So many were asked for by this worker since the account told."""
        if self.left is not None:
            self.left = max(self.left - characters, 0)

    async def look(self) -> None:
        """Ask the account; one that does not answer leaves the last figure."""
        try:
            self.left = (await self._account.quota()).left
        except SynthesisFailed as failed:
            log.warning("The voice's account does not tell its quota", extra={"reason": failed.reason})
            if failed.lasts:
                self.left = 0

    async def watch(self) -> None:
        """Ask now and then until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY_SECONDS)
