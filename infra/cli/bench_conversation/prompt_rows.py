"""Versions of prompts against each other, and a conversation of two hundred turns in a model's window."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from infra.cli.bench_conversation.private_people import make_person
from infra.cli.bench_conversation.worded_calls import worded_by
from infra.cli.rows import Row
from infra.simulator.ollama import Manner
from shared.campaigns import CallingPlan, Experiment, Variant
from shared.conversation import AgentName, ConversationState, Fact, Line, Move
from shared.conversation.prompt import WINDOW
from shared.conversation.prompt_templates import prompt_versions
from shared.conversation.tokens import PER_MESSAGE, tokens

CONTACTS, TURNS = 10_000, 200
MOST_UNEVEN = 1.5
FIRST = "before the bluebonnets bloom"


async def prompt_rows(tell: Callable[[str], None], *, scale: float = 1.0) -> list[Row]:
    """Every figure, against its bar; ``scale`` shortens the conversation."""
    tell(f"two versions of a prompt among {CONTACTS} contacts")
    turns = max(40, round(TURNS * scale))
    rows = assignment_rows()
    tell(f"a conversation of {turns} turns")
    return [*rows, *await window_rows(turns)]


def assignment_rows() -> list[Row]:
    """How evenly two versions are given, and who is given another one later."""
    versions = prompt_versions()[-2:]
    tried = Experiment(name="prompt", variants=tuple(Variant(name=each, prompt=each) for each in versions))
    phones = [f"+1{2_125_550_000 + number * 7_919}" for number in range(CONTACTS)]
    given = {phone: tried.variant_for(phone).name for phone in phones}
    uneven = abs(100 * sum(name == versions[0] for name in given.values()) / CONTACTS - 50)
    weighted = CallingPlan(
        experiment=replace(tried, variants=(tried.variants[0], replace(tried.variants[1], weight=4)))
    )
    again = sum(tried.variant_for(phone).name != name for phone, name in given.items())
    moved = sum(getattr(weighted.variant_of(name, phone), "name", None) != name for phone, name in given.items())
    return [
        Row(
            name=f"two prompt versions, {CONTACTS} contacts: points from an even share",
            value=round(uneven, 2),
            unit="points",
            bar=MOST_UNEVEN,
            holds=uneven <= MOST_UNEVEN,
        ),
        Row(
            name="contacts given another version when asked again", value=again, unit="contacts", bar=0, holds=not again
        ),
        Row(name="contacts moved by another weight", value=moved, unit="contacts", bar=0, holds=not moved),
    ]


async def window_rows(turns: int) -> list[Row]:
    """The prompts of a long conversation, as they arrive at the model's server."""
    person, dice = make_person(1, Random(1)), Random(2)
    async with worded_by(Manner.SENSIBLE, None) as (brain, server):
        for turn in range(1, turns + 1):
            heard = " ".join(person.answer(dice.choice(["motivation", "condition", "area"]), dice) for _ in range(4))
            said = [text async for text in brain.word(person.brief, _move(turn), heard)]
            assert said
        sizes = [sum(tokens(each.content) + PER_MESSAGE for each in asked.said) for asked in server.asked]
        knowing = sum(FIRST in " ".join(each.content for each in asked.said) for asked in server.asked)
    largest = max(sizes, default=0)
    return [
        Row(
            name=f"a conversation of {turns} turns: the largest prompt",
            value=largest,
            unit="tokens",
            bar=WINDOW.most_tokens,
            holds=0 < largest <= WINDOW.most_tokens,
        ),
        Row(
            name=f"a conversation of {turns} turns: prompts that know its first facts",
            value=round(100 * knowing / max(1, len(sizes)), 2),
            unit="%",
            bar=100,
            holds=len(sizes) == turns == knowing,
        ),
    ]


def _move(turn: int) -> Move:
    """A question, with everything that is known by then."""
    facts = {
        f"detail_{number}": Fact(field=f"detail_{number}", value=number, turn=number + 1, quote=f"detail {number}")
        for number in range(min(turn, 18))
    }
    facts["timeline"] = Fact(field="timeline", value="6_12m", turn=1, quote=FIRST)
    state = ConversationState(turn=turn, facts=facts, asked={"timeline": 1, "motivation": 1, "condition": turn})
    return Move(agent=AgentName.QUALIFIER, state=state, lines=(Line(act="ack"), Line(act="ask.timeline")))
