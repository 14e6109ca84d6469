"""What is measured of the way to Ollama says what happened."""

import signal

from infra.cli.bench_conversation.brain_crowd import Crowd, CrowdMeter
from infra.cli.bench_conversation.brain_rows import _crowd_rows
from infra.cli.bench_conversation.brain_turns import Reply, replied, settings_for
from infra.cli.bench_conversation.stand_in import standing_in
from infra.simulator.ollama import Pace
from voice_node.brains.choice import running_brain


def reply(*said: str) -> Reply:
    return Reply(said=said, script=("Great.", "Why now?"), began_at=1.0, ended_at=1.5)


def test_a_reply_is_complete_when_it_begins_as_it_should_and_asks() -> None:
    assert reply("Great.", "Why now?").is_the_scripts
    assert reply("Great.", "So why do you sell?").is_complete
    assert not reply("Great.", "So why do you sell?").is_the_scripts
    assert not reply("Great.", "So why").is_complete
    assert not reply().is_complete
    assert reply().seconds == 0.5


def test_waits_in_vain_count_as_waits_and_their_turns_as_the_scripts() -> None:
    crowd = Crowd(turns=20, complete=20)
    meter = CrowdMeter(crowd)
    for _ in range(18):
        meter.waited(0.01, is_live=True)
    for _ in range(2):
        meter.waited(0.2, is_live=True)
        meter.answered("reply", "no_slot")
    meter.waited(9.0, is_live=False)
    meter.answered("summary", "too_late")

    rows = {row.name: row for row in _crowd_rows(crowd, [0.4] * 20)}
    wait = rows["live turns wait for a slot, p95"]
    assert (wait.value, wait.baseline, wait.ratio, wait.holds) == (200.0, 400.0, 0.5, False)
    assert rows["turns that the script took over under that load"].value == 2
    assert not rows["background jobs done under that load"].holds


async def test_a_stand_in_can_be_killed_under_a_reply() -> None:
    async with (
        standing_in(Pace(first_token_seconds=0.2, token_seconds=0.01)) as server,
        running_brain(settings_for(server.url)) as running,
    ):
        worded = await replied(running.brain, 0)
        server.signal(signal.SIGKILL)
        alone = await replied(running.brain, 0)

    assert worded.is_complete
    assert alone.is_the_scripts
