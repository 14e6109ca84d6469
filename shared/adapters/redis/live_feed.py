"""What is being said on live calls, as it is said: written by the voice node, read by people who watch."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from shared.adapters.redis import keys
from shared.adapters.redis.connect import in_our_words

Speaker = Literal["agent", "caller", "system"]
Kind = Literal["spoken", "interim", "final", "event"]
BEGINNING = "0-0"


@dataclass(frozen=True, kw_only=True)
class FeedEntry:
    """One line of the feed. ``at`` is civil time; ``id`` grows along the feed and is empty before it was written."""

    attempt: str
    call_sid: str
    speaker: Speaker
    kind: Kind
    text: str
    at: datetime
    id: str = ""


class LiveFeedWriter:
    """The voice node's end."""

    def __init__(self, client: AsyncRedis) -> None:
        self._redis = client

    async def add(self, entry: FeedEntry) -> str:
        """Append a line; its id.

        Raises:
            Unavailable: Redis is away; the call goes on without the feed.
        """
        fields = {
            "attempt": entry.attempt,
            "call_sid": entry.call_sid,
            "speaker": entry.speaker,
            "kind": entry.kind,
            "text": entry.text,
            "at": entry.at.isoformat(),
        }
        with in_our_words():
            return str(await self._redis.xadd(keys.FEED, cast(Any, fields), maxlen=keys.FEED_LENGTH, approximate=True))


class LiveFeedReader:
    """The control plane's end, for pages that poll."""

    def __init__(self, client: Redis) -> None:
        self._redis = client

    def after(self, entry_id: str = BEGINNING, *, limit: int = 200) -> list[FeedEntry]:
        """The lines after ``entry_id``, oldest first.

        Raises:
            Unavailable: Redis is away.
        """
        with in_our_words():
            found = self._redis.xrange(keys.FEED, min=f"({entry_id or BEGINNING}", count=limit)
        return _entries(cast(Sequence[tuple[str, Mapping[str, str]]], found))

    def newest(self) -> str:
        """The id of the last line, from which to read on.

        Raises:
            Unavailable: Redis is away.
        """
        with in_our_words():
            found = cast(Sequence[tuple[str, Any]], self._redis.xrevrange(keys.FEED, count=1))
        return found[0][0] if found else BEGINNING


class AsyncLiveFeedReader:
    """For those who must know at once, such as simulated people who read the agent's words."""

    def __init__(self, client: AsyncRedis) -> None:
        self._redis = client

    async def newest(self) -> str:
        """The id of the last line, from which to follow.

        Raises:
            Unavailable: Redis is away.
        """
        with in_our_words():
            found = cast(Sequence[tuple[str, Any]], await self._redis.xrevrange(keys.FEED, count=1))
        return found[0][0] if found else BEGINNING

    async def follow(self, after: str = BEGINNING, *, block_ms: int = 500) -> AsyncGenerator[FeedEntry, None]:
        """Every line after ``after``, for as long as it is asked.

        Raises:
            Unavailable: Redis is away; follow again from the last id seen.
        """
        last = after
        while True:
            with in_our_words():
                streams = await self._redis.xread({keys.FEED: last}, count=200, block=block_ms)
            for _, found in cast(Sequence[tuple[str, Any]], streams or ()):
                for entry in _entries(found):
                    last = entry.id
                    yield entry


def _entries(found: Sequence[tuple[str, Mapping[str, str]]]) -> list[FeedEntry]:
    return [
        FeedEntry(
            id=entry_id,
            attempt=fields["attempt"],
            call_sid=fields["call_sid"],
            speaker=cast(Speaker, fields["speaker"]),
            kind=cast(Kind, fields["kind"]),
            text=fields["text"],
            at=datetime.fromisoformat(fields["at"]),
        )
        for entry_id, fields in found
    ]
