"""How a call was talked through: who spoke how much, who waited how long, who cut whom short."""

from collections.abc import Sequence
from itertools import pairwise

from shared.conversation.after.analysis import Quality
from shared.conversation.report import SpokenTurn

_OVERLAP_SECONDS = 0.3
"""People's turns touch; only more than this counts as talking over somebody."""


def measured(turns: Sequence[SpokenTurn]) -> Quality:
    """What the transcript tells, without the words."""
    ordered = sorted(turns, key=lambda turn: turn.started)
    agent, caller = _seconds(ordered, "agent"), _seconds(ordered, "caller")
    silences = [after.started - before.ended for before, after in pairwise(ordered) if after.started > before.ended]
    latencies = sorted(turn.latency_ms for turn in ordered if turn.latency_ms is not None)
    return Quality(
        turns=len(ordered),
        agent_seconds=agent,
        caller_seconds=caller,
        talk_ratio=round(agent / (agent + caller), 3) if agent + caller else None,
        interruptions=sum(turn.speaker == "agent" and turn.interrupted for turn in ordered),
        talked_over=sum(_talks_over(before, after) for before, after in pairwise(ordered)),
        longest_silence_seconds=round(max(silences), 1) if silences else None,
        latency_p50_ms=_at(latencies, 0.5),
        latency_p95_ms=_at(latencies, 0.95),
    )


def _seconds(turns: Sequence[SpokenTurn], speaker: str) -> float:
    return round(sum(max(turn.ended - turn.started, 0.0) for turn in turns if turn.speaker == speaker), 1)


def _talks_over(before: SpokenTurn, after: SpokenTurn) -> bool:
    is_ours = (before.speaker, after.speaker) == ("caller", "agent")
    return is_ours and before.ended - after.started > _OVERLAP_SECONDS


def _at(ordered: Sequence[float], share: float) -> float | None:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else None
