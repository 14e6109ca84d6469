"""A call over a real websocket goes on where a worker that died had left it, and is forgotten once it is over."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from shared.conversation import AgentName, CallBrief, ConversationState, Fact, Stage
from tests.voice_node.agents.test_memory import worker
from tests.voice_node.conftest import RunningNode, listening, make_node
from tests.voice_node.doubles import ATTEMPT, StillClock, make_brief
from tests.voice_node.media_client import until
from voice_node.agents.driver import Driver
from voice_node.agents.graph import GraphDecider
from voice_node.agents.memory import CallMemories
from voice_node.brains.scripted import ScriptedModel
from voice_node.cast import Actions

BRIEF = make_brief(script="seller_home_value", opening_text="Sorry, we lost the connection for a moment.")
FACT = Fact(field="timeline", value="1_3m", turn=2, quote="in about two months")
STOOD = ConversationState(
    stage=Stage.QUALIFYING, turn=2, human_turns=2, heard="human", pending="motivation", facts={"timeline": FACT}
)


def remembering_node(folder: Path) -> tuple[RunningNode, CallMemories]:
    """A worker that remembers its calls below ``folder / "calls"``."""
    memories, decider = worker(folder / "calls", "w1").memories, GraphDecider()

    def driver(brief: CallBrief, actions: Actions) -> Driver:
        return Driver(brief, decider=decider, actions=actions, clock=StillClock(), memory=memories.of(brief))

    node = make_node(folder, make_talker=driver, brain=ScriptedModel())
    node.cabinet.brief = BRIEF
    return replace(node, kit=replace(node.kit, memories=memories)), memories


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "calls").rglob("*") if path.is_file())


@pytest.fixture
async def died(tmp_path: Path) -> None:
    """Another worker held the first part, and is gone."""
    memory = await worker(tmp_path / "calls", "w2").memories.begin(BRIEF, tuple)
    await memory.keep(STOOD, agent=AgentName.QUALIFIER)


@pytest.mark.usefixtures("died")
async def test_it_goes_on_with_the_question_that_waits(tmp_path: Path, spoken: Callable[[str], bytes]) -> None:
    node, _ = remembering_node(tmp_path)
    node.recognises += ["i have a new job in another state"]

    async with listening(node), node.ring(recovered=1) as client:
        await until(lambda: len([item for item in node.live.items if item.kind == "spoken"]) > 1)
        await client.until_quiet()
        client.speak(spoken("I have a new job in another state."))
        await until(lambda: any("condition" in item.text for item in node.live.items if item.kind == "spoken"))
        assert files(tmp_path) == [f"{ATTEMPT}.0", f"{ATTEMPT}.1"]
        await client.until_quiet()
        await client.send({"event": "stop", "stop": {"callSid": "CA1"}})
        await until(client.is_closed.is_set)
        report = await node.reported()
        await until(lambda: not files(tmp_path))

    said = [turn.text for turn in report.turns if turn.speaker == "agent"]
    assert said[0] == BRIEF.opening_text
    assert not any("How soon" in text or "Bob" in text for text in said)
    assert {fact.field: fact.turn for fact in report.facts} == {"timeline": 0, "motivation": 3}
