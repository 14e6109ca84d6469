"""Twenty of the scenarios, really rung."""

from collections.abc import Callable

from infra.cli.bench_conversation.rows import Note, at_least, share
from infra.cli.bench_conversation.scenario_rows import told
from infra.cli.evaluate.conversation.audio import MOST, play_aloud
from infra.cli.evaluate.conversation.scenario import OURS, load_scenarios
from infra.cli.evaluate.conversation.wishes import LEAST_SHARE
from infra.cli.rows import Row

NAME = "audio mode"


def audio_rows(tell: Callable[[str], None], note: Note) -> list[Row]:
    """Ring them all, and judge what was kept of the calls.

    Raises:
        Unavailable: The system does not start, or its calls do not end.
    """
    played = play_aloud(load_scenarios([OURS]), tell)
    for each in played.played:
        for line in told(each):
            note(f"{NAME}: {line}")
    return [
        at_least(f"{NAME}: scenarios rung", len(played.played), "calls", MOST),
        share(f"{NAME}: expectations of the law met", *played.compliance, 1.0),
        share(f"{NAME}: other expectations met", *played.rest, LEAST_SHARE),
    ]
