"""A crowd of callers in a process of its own: ``python -m infra.cli.bench_voice.callers <order>``."""

import asyncio
import gc
import sys
from pathlib import Path

import uvloop

from infra.cli.bench_voice.corpus import load
from infra.cli.bench_voice.line import Line
from infra.cli.bench_voice.orders import CallOrder, CrowdOrder, read_order
from infra.cli.bench_voice.people import behaviour
from infra.cli.bench_voice.track import Track, write_tracks


async def hold_calls(order: CrowdOrder) -> list[Track]:
    """Every call of the order, each from its own moment on."""
    takes = load(order.corpus)
    quiet = next(take for take in takes if take.kind == "line")

    async def hold(call: CallOrder) -> Track:
        await asyncio.sleep(call.starts)
        line = Line(call, quiet=quiet)
        return await line.hold(behaviour(call.manner, line, takes, call.seed))

    gc.collect()
    gc.freeze()
    return list(await asyncio.gather(*(hold(call) for call in order.calls)))


def main() -> None:
    """Call, and leave the tracks."""
    order = read_order(CrowdOrder, Path(sys.argv[1]))
    write_tracks(uvloop.run(hold_calls(order)), order.tracks)


if __name__ == "__main__":
    main()
