"""The model is told the past of the call, and not asked for what it has worded before."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from infra.simulator.ollama import Habits, Manner, Ollama
from shared.adapters.memory.worded_lines import MemoryWordedLines
from shared.conversation import AgentName, CallBrief, ConversationState, Fact, Line, Move
from shared.conversation.phrasing import say
from shared.conversation.script import load_script
from shared.kernel.ids import AttemptId
from tests.shared.conversation.dialogue import make_brief
from tests.voice_node.brains.conftest import settings_for
from voice_node.brains.cached_wording import VARIANTS
from voice_node.brains.choice import Cache, installation_of, running_brain
from voice_node.brains.port import Brain

SCRIPT = load_script("seller_home_value")
FACT = Fact(field="timeline", value="1_3m", turn=1, quote="in two months")


@asynccontextmanager
async def wordsmith(server: Ollama, lines: MemoryWordedLines | None) -> AsyncIterator[Brain]:
    cache = Cache(lines=lines, installation="here") if lines is not None else None
    async with running_brain(settings_for(server.url), cache=cache) as running:
        assert running.model == "sensible"
        yield running.brain


def question(turn: int, act: str = "ask.condition", before: str = "ack") -> Move:
    state = ConversationState(turn=turn, facts={"timeline": FACT})
    return Move(agent=AgentName.QUALIFIER, state=state, lines=(Line(act=before, is_exact=True), Line(act=act)))


async def worded(brain: Brain, move: Move, heard: str = "yes", *, brief: CallBrief | None = None) -> Sequence[str]:
    return [text async for text in brain.word(brief or make_brief(), move, heard)]


async def test_what_was_worded_before_is_not_asked_for_again(server: Ollama) -> None:
    lines = MemoryWordedLines()
    async with wordsmith(server, lines) as brain:
        first = await worded(brain, question(3))
        assert len(server.asked) == 1
        again = await worded(brain, question(3 + 4 * VARIANTS))

    assert len(server.asked) == 1
    assert again[1:] == first[1:]
    assert lines.kept


async def test_an_ordinary_turn_tells_the_model_nothing_of_the_person(server: Ollama) -> None:
    async with wordsmith(server, MemoryWordedLines()) as brain:
        await worded(brain, question(3), "yes my Grandmother Wilhelmina said so")

    told = " ".join(message.content for message in server.asked[0].said)
    assert "Wilhelmina" not in told
    assert "in two months" not in told
    assert "(they said yes)" in told


async def test_without_a_cache_the_model_is_told_everything(server: Ollama) -> None:
    async with wordsmith(server, None) as brain:
        await worded(brain, question(2), "we moved here with Wilhelmina")
        await worded(brain, question(3), "yes she did")

    told = [message.content for message in server.asked[1].said]
    assert "we moved here with Wilhelmina" in told
    assert "in two months" in " ".join(told)


async def test_a_call_that_is_over_is_forgotten(server: Ollama) -> None:
    goodbye = Move(
        agent=AgentName.CLOSER, state=ConversationState(turn=3), lines=(Line(act="goodbye"),), ends_call=True
    )
    async with wordsmith(server, None) as brain:
        await worded(brain, question(2), "we moved here with Wilhelmina")
        await worded(brain, goodbye, "bye")
        await worded(brain, question(4), "hello again")

    assert "Wilhelmina" not in " ".join(message.content for message in server.asked[-1].said)


async def test_a_lying_models_answers_are_not_kept(server: Ollama) -> None:
    server.habits = Habits(manner=Manner.HALLUCINATING)
    lines = MemoryWordedLines()
    cache = Cache(lines=lines, installation="here")
    async with running_brain(settings_for(server.url, OLLAMA_MODEL="hallucinating"), cache=cache) as running:
        for turn in range(12):
            move, brief = question(turn), make_brief(attempt_id=AttemptId(f"call-{turn}"))
            said = await worded(running.brain, move, brief=brief)
            assert said[0] == say(move.lines[:1], state=move.state, brief=brief, script=SCRIPT)[0]

    assert all("condition" in text or "home" in text for text in lines.kept.values())
    assert not any(sign in text for text in lines.kept.values() for sign in "$0123456789")


def test_an_installation_is_known_by_its_database_whoever_asks_it() -> None:
    one = installation_of("postgresql+psycopg://node:secret@db:5432/reauto")

    assert one == installation_of("postgresql+psycopg://app:other@db:5432/reauto")
    assert one != installation_of("postgresql+psycopg://node:secret@db:5432/other")
