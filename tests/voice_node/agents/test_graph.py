"""With LangGraph and without it a conversation takes the same road."""

from datetime import timedelta

import pytest

from shared.conversation import CallBrief, ConversationState, Move, OpenSlot
from shared.conversation.script import load_script, script_names
from shared.conversation.turn import open_call
from shared.kernel.ids import AgentId
from tests.voice_node.doubles import NOON, make_brief
from voice_node.agents.graph import GraphDecider, decide_plainly
from voice_node.agents.turn import Scene

TALKS = {
    "to the end": ["yes this is bob", "in about two months", "it is in good shape", "no", "yes", "the first one", "no"],
    "objections": ["who is this", "yes speaking", "are you a robot", "i already have an agent", "i am not interested"],
    "the wrong person": ["no", "yes wrong number"],
    "stop": ["stop calling me", "hello"],
    "a machine": ["you have reached the voicemail of bob stone please leave a message after the tone"],
    "nonsense": ["", "purple monkey dishwasher", "blah", "blah", "blah"],
    "later": ["i am busy right now", "tomorrow at five pm"],
}


def brief_for(script: str) -> CallBrief:
    slots = tuple(
        OpenSlot(
            agent_id=AgentId("a1"),
            agent_name="Grace",
            starts_at=NOON + timedelta(days=day),
            ends_at=NOON + timedelta(days=day, minutes=30),
        )
        for day in range(1, 6)
    )
    return make_brief(script=script, slots=slots)


@pytest.mark.parametrize("script", script_names())
@pytest.mark.parametrize("talk", TALKS, ids=list(TALKS))
async def test_the_graph_decides_as_the_plain_driver_does(script: str, talk: str) -> None:
    brief = brief_for(script)
    scene = Scene(brief=brief, script=load_script(script), now=NOON)
    by_graph: list[Move] = []
    plainly: list[Move] = []

    for decider, moves in ((GraphDecider(), by_graph), (decide_plainly, plainly)):
        state: ConversationState = open_call(brief, scene.script, NOON).state
        for text in TALKS[talk]:
            moves.append(await decider(state, text, scene))
            state = moves[-1].state

    assert by_graph == plainly
