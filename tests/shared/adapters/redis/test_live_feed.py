"""The live feed and the commands: what is written is read, in order, by whoever asks."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from shared.adapters.redis.connect import make_async_redis, make_redis
from shared.adapters.redis.control import ControlReceiver, ControlSender
from shared.adapters.redis.live_feed import AsyncLiveFeedReader, FeedEntry, LiveFeedReader, LiveFeedWriter
from shared.kernel.errors import Malformed, Unavailable

HELLO = FeedEntry(
    attempt="a1",
    call_sid="CA1",
    speaker="agent",
    kind="spoken",
    text="Hello, Ada – is this a good time?",
    at=datetime(2026, 3, 4, 18, tzinfo=UTC),
)


async def test_what_is_said_is_read_in_order(client: Redis, async_client: AsyncRedis) -> None:
    writer, reader = LiveFeedWriter(async_client), LiveFeedReader(client)
    answer = replace(HELLO, speaker="caller", kind="final", text="yes")
    assert (reader.after(), reader.newest()) == ([], "0-0")

    first = await writer.add(HELLO)
    second = await writer.add(answer)

    assert reader.after() == [replace(HELLO, id=first), replace(answer, id=second)]
    assert reader.after(first) == [replace(answer, id=second)]
    assert reader.after(limit=1) == [replace(HELLO, id=first)]
    assert reader.newest() == second


async def test_followers_hear_what_comes(async_client: AsyncRedis, redis_url: str) -> None:
    writer, reader = LiveFeedWriter(async_client), AsyncLiveFeedReader(async_client)
    first = await writer.add(HELLO)
    assert await reader.newest() == first
    await writer.add(replace(HELLO, text="again"))
    heard = []
    feed = reader.follow(block_ms=50)
    async for entry in feed:
        heard.append(entry.text)
        if len(heard) == 2:
            await writer.add(replace(HELLO, text="and again"))
        if len(heard) == 3:
            break
    await feed.aclose()

    assert heard == [HELLO.text, "again", "and again"]


async def test_a_command_reaches_its_call_alone(client: Redis, async_client: AsyncRedis) -> None:
    sender = ControlSender(client)
    sender.send("a1", "hang_up")
    sender.send("a2", "whisper")
    commands = ControlReceiver(async_client).commands("a1", block_ms=50)

    assert await anext(commands) == "hang_up"
    sender.send("a1", "transfer")
    assert await anext(commands) == "transfer"
    await commands.aclose()


async def test_without_redis_it_is_said_so() -> None:
    with make_redis("redis://127.0.0.1:1/0") as client, pytest.raises(Unavailable):
        LiveFeedReader(client).after()
    async with make_async_redis("redis://127.0.0.1:1/0") as client:
        with pytest.raises(Unavailable):
            await LiveFeedWriter(client).add(HELLO)


def test_an_address_that_cannot_be_read_is_said_so() -> None:
    for make in (make_redis, make_async_redis):
        with pytest.raises(Malformed, match="REDIS_URL"):
            make("localhost:6379")
