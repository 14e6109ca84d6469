"""What a model words for everybody: how often it is said again, and that nobody hears of anybody else."""

from collections.abc import Callable

from redis.asyncio import Redis

from infra.cli.bench_conversation.private_people import WORD
from infra.cli.bench_conversation.prompt_rows import prompt_rows
from infra.cli.bench_conversation.worded_calls import crowd_of, hold_calls, worded_by
from infra.cli.rows import Row
from infra.local.passing import passing_redis, reachable_folder
from infra.simulator.ollama import Manner
from shared.adapters.redis.connect import make_async_redis
from shared.adapters.redis.worded_lines import RedisWordedLines

__all__ = ["cache_rows", "prompt_rows"]

CALLS, LYING_CALLS = 200, 50
LEAST_HITS = 70.0
LYING = (Manner.HALLUCINATING, Manner.HOSTILE, Manner.MALFORMED)


async def cache_rows(tell: Callable[[str], None], *, scale: float = 1.0) -> list[Row]:
    """Every figure, against its bar; ``scale`` shortens the runs."""
    with reachable_folder() as folder, passing_redis(folder / "redis") as server:
        client = make_async_redis(server.url())
        try:
            return await _rows(tell, client, scale=scale)
        finally:
            await client.aclose()


async def _rows(tell: Callable[[str], None], client: Redis, *, scale: float) -> list[Row]:
    lines, calls, lying_calls = RedisWordedLines(client), round(CALLS * scale), round(LYING_CALLS * scale)
    people, leaks = crowd_of(calls, seed=5), 0
    tell(f"{calls} calls worded by a model, nothing kept before")
    async with worded_by(Manner.SENSIBLE, lines) as (brain, _):
        found = await hold_calls(brain, people, seed=5)
    for manner in LYING:
        tell(f"{lying_calls} calls with a {manner} model, on what was kept")
        async with worded_by(manner, lines) as (brain, _):
            leaks += len((await hold_calls(brain, people[:lying_calls], seed=6)).leaks)
    kept = [str(text) for key in await client.keys("worded:*") for text in await client.hvals(key)]
    secrets = frozenset().union(*(person.secrets for person in people))
    told = sum(word in secrets for text in kept for word in WORD.findall(text.lower()))
    hits, exact = 100 * found.wordings_share("exact", "semantic"), 100 * found.wordings_share("exact")
    return [
        Row(
            name=f"openings and script questions from the cache, {calls} calls from cold",
            value=round(hits, 1),
            unit="%",
            baseline=round(exact, 1),
            ratio=round(hits / exact, 2) if exact else None,
            bar=LEAST_HITS,
            holds=hits >= LEAST_HITS,
        ),
        Row(name="replies that a model was to word in these calls", value=sum(found.wordings.values()), unit="replies"),
        Row(name="answers kept of them", value=len(kept), unit="answers", bar=1, holds=bool(kept)),
        _none("private words said to somebody else", len(found.leaks) + leaks),
        _none("private words in the cache", told),
    ]


def _none(name: str, value: int) -> Row:
    return Row(name=name, value=value, unit="words", bar=0, holds=value == 0)
