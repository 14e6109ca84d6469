"""What is printed of a call that went wrong: the lines that are to blame, and how it ended."""

from infra.cli.evaluate.conversation.judge import judge
from infra.cli.evaluate.conversation.screen import transcript
from tests.infra.cli.evaluate.conversation.calls import Saying, expecting, played


async def test_the_line_that_is_to_blame_is_shown_with_those_around_it() -> None:
    scenario = expecting(compliance=["fair_housing"])
    ended = await played(scenario, Saying(["It's a very safe area."], trigger="this is alex"))

    lines = transcript(ended, whole=False, faults=judge(scenario, ended).faults)

    place = lines.index("Agent: It's a very safe area.")
    assert lines[0] == "…"
    assert "…" in lines[place:]
    assert "ended by the agent" in lines[-1]


async def test_a_whole_transcript_leaves_nothing_out() -> None:
    ended = await played(expecting())

    assert len(transcript(ended)) == len(ended.happenings) + 1
