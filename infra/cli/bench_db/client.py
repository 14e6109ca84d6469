"""One client of the database benchmark, a process of its own: told what to do on standard input, answers in JSON.

An order is ``{"operation", "database_url", "leads", "seed"}``; the client connects, does it once, and says ``ready``.
Then it is told ``{"begin", "seconds"}``, on the monotonic clock, which every process of a machine shares. The answer is
the list of latencies in milliseconds, of all that was done in full, one at least.
"""

import json
import random
import sys
import time

from infra.cli.bench_db.operations import OPERATIONS
from infra.cli.bench_db.seed import Size


def main() -> None:
    """Carry out orders until there are no more."""
    orders = iter(sys.stdin)
    for line in orders:
        order = json.loads(line)
        work = OPERATIONS[order["operation"]](order["database_url"], Size(leads=order["leads"]))
        dice = random.Random(order["seed"])
        work(dice)
        _say("ready")
        when = json.loads(next(orders))
        time.sleep(max(0.0, when["begin"] - time.monotonic()))
        latencies: list[float] = []
        while (began := time.monotonic()) < when["begin"] + when["seconds"] or not latencies:
            if work(dice):
                latencies.append(round((time.monotonic() - began) * 1000, 3))
        _say(json.dumps(latencies))


def _say(line: str) -> None:
    """This is how the parent hears of it."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
