"""Calls analysed anew: ordered one by one, then waited for."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from infra.cli.api import Api

LOOK_SECONDS = 0.5


def analysed_anew(
    attempts: Sequence[str],
    api: Api,
    *,
    patience_seconds: float,
    elapsed: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> list[dict[str, Any]]:
    """What was found out about each call, ``{"attempt": …, "analysis": …}``; ``None`` where it is still on its way."""
    known = {attempt: _newest(attempt, api) for attempt in attempts}
    for attempt in attempts:
        api.post(f"/v1/attempts/{attempt}/analysis")
    until, found = elapsed() + patience_seconds, dict[str, Any]()
    while True:
        for attempt in attempts:
            newest = _newest(attempt, api)
            if attempt not in found and newest != known[attempt]:
                found[attempt] = newest
        if len(found) == len(known) or elapsed() >= until:
            return [{"attempt": attempt, "analysis": found.get(attempt)} for attempt in known]
        pause(LOOK_SECONDS)


def _newest(attempt: str, api: Api) -> dict[str, Any] | None:
    analysis: dict[str, Any] | None = api.get(f"/v1/attempts/{attempt}")["analysis"]
    return analysis
