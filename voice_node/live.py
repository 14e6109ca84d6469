"""Between live calls and the world, through Redis: what is said goes out, what the carrier finds out comes in."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator

from shared.adapters.redis.control import ControlReceiver
from shared.adapters.redis.live_feed import FeedEntry, LiveFeedWriter
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId
from voice_node.kit import FeedItem

log = logging.getLogger(__name__)
MOST_WAITING = 1_000
AWAY_SECONDS = 2.0


class RedisLive:
    """``LiveLines`` over Redis. ``write_on`` must run for anything to leave; calls never wait for it."""

    def __init__(self, *, feed: LiveFeedWriter, control: ControlReceiver) -> None:
        self._feed = feed
        self._control = control
        self._waiting: asyncio.Queue[FeedItem] = asyncio.Queue(MOST_WAITING)

    def tell(self, item: FeedItem) -> None:
        """Publish a line; when too many wait already, this one is lost."""
        with contextlib.suppress(asyncio.QueueFull):
            self._waiting.put_nowait(item)

    async def write_on(self) -> None:
        """Write what is told until cancelled; a line that Redis cannot take is lost."""
        while True:
            item = await self._waiting.get()
            entry = FeedEntry(
                attempt=item.attempt_id,
                call_sid=item.call_sid,
                speaker=item.speaker,
                kind=item.kind,
                text=item.text,
                at=item.at,
            )
            try:
                await self._feed.add(entry)
            except Unavailable:
                log.warning("The live feed cannot be written")
                await asyncio.sleep(AWAY_SECONDS)

    async def commands(self, attempt_id: AttemptId) -> AsyncGenerator[str, None]:
        """Every command for a call; after an outage of Redis it listens again from the beginning."""
        seen = 0
        while True:
            count = 0
            try:
                async for command in self._control.commands(attempt_id):
                    count += 1
                    if count > seen:
                        seen = count
                        yield command
            except Unavailable:
                await asyncio.sleep(AWAY_SECONDS)
