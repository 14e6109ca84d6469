"""Scenarios and calls for the tests of the judge."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from infra.cli.evaluate.conversation.ending import Ended
from infra.cli.evaluate.conversation.play import Cast, play
from infra.cli.evaluate.conversation.scenario import Scenario
from shared.conversation import CallBrief, Move
from voice_node.agents.graph import decide_plainly
from voice_node.brains.port import Brain
from voice_node.brains.scripted import ScriptedModel

ANSWERS = {
    "identity": "yes this is alex",
    "timeline": "within two months",
    "motivation": "my job is moving",
    "condition": "it's in good condition",
    "agent": "no i don't have an agent",
    "owner": "yes i own it by myself",
    "offer": "the first one works",
    "booked": "no that's all",
    "otherwise": "yes",
}
PERSON: dict[str, Any] = {"greeting": "hello", "answers": ANSWERS}


def make_scenario(**different: Any) -> Scenario:
    """A seller who answers everything and books, unless told otherwise."""
    usual: dict[str, Any] = {
        "version": 1,
        "name": "A seller",
        "script": "seller_home_value",
        "person": PERSON,
        "expected": {"disposition": "appointment_set"},
    }
    return Scenario.model_validate({**usual, **different})


def expecting(**expected: Any) -> Scenario:
    """The same seller, of whose call more is expected."""
    return make_scenario(expected={"disposition": "appointment_set", **expected})


def cast_of(brain: Brain | None = None) -> Cast:
    """The conversation without a graph, worded by the script or by another brain."""
    return Cast(decider=decide_plainly, brain=brain or ScriptedModel())


async def played(scenario: Scenario, brain: Brain | None = None) -> Ended:
    """The scenario's call."""
    return await play(scenario, cast_of(brain))


@dataclass(frozen=True)
class Saying:
    """A bad agent: says these sentences after whatever it should say when the caller has said ``trigger``."""

    sentences: Sequence[str]
    trigger: str = ""

    async def word(self, brief: CallBrief, move: Move, heard: str) -> AsyncIterator[str]:
        """The move's lines, and what must not be said."""
        async for text in ScriptedModel().word(brief, move, heard):
            yield text
        if self.trigger in heard:
            for sentence in self.sentences:
                yield sentence


@dataclass(frozen=True)
class Only:
    """A bad agent that says one sentence, whatever it should say."""

    sentence: str

    async def word(self, brief: CallBrief, move: Move, heard: str) -> AsyncIterator[str]:
        """That sentence."""
        yield self.sentence
