"""How the way to Ollama holds: waits for room, a server's death, and turns that are the script's."""

from collections.abc import Callable

from infra.cli.bench_conversation.brain_crowd import CONVERSATIONS, JOBS, SLOTS, Crowd, crowd, plain_queue
from infra.cli.bench_conversation.brain_death import deaths
from infra.cli.bench_conversation.brain_sheds import sheds
from infra.cli.bench_voice.meters import quantile
from infra.cli.rows import Row

MOST_WAIT_MS, MOST_AFTER_DEATH_MS, ALL = 50.0, 1_500.0, 100.0
LOAD = f"{CONVERSATIONS} conversations, {JOBS} background jobs, {SLOTS} slots"


async def brain_rows(tell: Callable[[str], None], *, scale: float = 1.0) -> list[Row]:
    """Every figure, against its bar.

    Args:
        tell: Told what is being measured.
        scale: Shortens what can be shortened.

    Raises:
        Unavailable: The stand-in for Ollama does not start.
    """
    tell(f"{LOAD}: one queue for all")
    plain = await plain_queue(scale=scale / 2)
    tell(f"{LOAD}: live turns first")
    measured = await crowd(scale=scale)
    tell("a model's server dies in the middle of a reply")
    died = await deaths()
    tell("turns that no model can word in time")
    shed = await sheds()
    return [
        *_crowd_rows(measured, plain),
        _at_most(
            "server stopped mid-generation: until the reply is complete, worst",
            1_000 * max(seconds for seconds, _ in died),
            MOST_AFTER_DEATH_MS,
        ),
        _all("server stopped mid-generation: complete replies", sum(reply.is_complete for _, reply in died), len(died)),
        _all("shed turns worded by the script", sum(reply.is_the_scripts for reply in shed), len(shed)),
    ]


def _crowd_rows(measured: Crowd, plain: list[float]) -> list[Row]:
    baseline = round(1_000 * quantile(plain, 0.95), 1)
    wait = _at_most("live turns wait for a slot, p95", 1_000 * quantile(measured.waits, 0.95), MOST_WAIT_MS)
    return [
        Row(
            name=wait.name,
            value=wait.value,
            unit=wait.unit,
            baseline=baseline,
            ratio=round(wait.value / baseline, 3) if baseline else None,
            bar=wait.bar,
            holds=wait.holds,
        ),
        _all("turns answered completely under that load", measured.complete, measured.turns),
        Row(name="turns that the script took over under that load", value=measured.by_script, unit="turns"),
        Row(
            name="background jobs done under that load",
            value=measured.jobs,
            unit="jobs",
            bar=1,
            holds=measured.jobs > 0,
        ),
        Row(name="background jobs that made way under that load", value=measured.yields, unit="times"),
    ]


def _at_most(name: str, value_ms: float, bar_ms: float) -> Row:
    return Row(name=name, value=round(value_ms, 1), unit="ms", bar=bar_ms, holds=value_ms <= bar_ms)


def _all(name: str, met: int, of: int) -> Row:
    percent = 100 * met / of if of else 0.0
    return Row(name=name, value=round(percent, 2), unit="%", bar=ALL, holds=of > 0 and met == of)
