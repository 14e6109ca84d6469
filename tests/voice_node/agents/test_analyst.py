"""The analyst works behind the speech: what it finds is known before the next turn, and it never has the last word."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from shared.conversation import ConversationState, Fact, Stage
from shared.conversation.after.evidence import Findings, ProposedFact
from shared.kernel.errors import Unavailable
from tests.voice_node.agents.test_driver import BRIEF, Hands, acts, all_of
from tests.voice_node.doubles import StillClock
from voice_node.agents.analyst import Analyst
from voice_node.agents.driver import Driver
from voice_node.agents.graph import decide_plainly

PENDING = ConversationState(stage=Stage.QUALIFYING, turn=1, pending="timeline", human_turns=2)


@dataclass
class Reader:
    """An ``Extractor`` that finds the same facts whenever it is let."""

    facts: tuple[ProposedFact, ...] = ()
    is_away: bool = False
    asked: list[Sequence[Mapping[str, str]]] = field(default_factory=list)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def extract(self, messages, schema, *, deadline: timedelta):  # type: ignore[no-untyped-def]
        self.asked.append(messages)
        await self.may_answer.wait()
        if self.is_away:
            raise Unavailable("no model")
        assert schema is Findings
        return Findings(facts=self.facts)


def proposed(field: str, value: str, quote: str) -> ProposedFact:
    return ProposedFact(field=field, value=value, quote=quote)


async def known_after(text: str, *facts: ProposedFact, state: ConversationState = PENDING) -> dict[str, Fact]:
    """What the state knows once ``text`` was heard and a model proposed ``facts``."""
    reader = Reader(facts)
    reader.may_answer.set()
    analyst = Analyst(brief=BRIEF, clock=StillClock(), extractor=reader)
    analyst.listen(text, state)
    for _ in range(5):
        await asyncio.sleep(0)
    return analyst.learned(state).facts


async def test_a_fact_is_believed_where_the_person_said_those_words() -> None:
    facts = await known_after(
        "well my sister and i both have to sign off on it",
        proposed("decision_makers", "shared", "my sister and i both"),
    )

    assert facts["decision_makers"].model_dump(exclude={"version"}) == {
        "field": "decision_makers",
        "value": "shared",
        "turn": 1,
        "quote": "my sister and i both",
        "confidence": 0.6,
    }


@pytest.mark.parametrize(
    ("field", "value", "quote"),
    [
        ("decision_makers", "shared", "my brother and i"),
        ("decision_makers", "the whole village", "sign off on it"),
        ("condition", "9", "my sister and i both"),
        ("timeline", "asap_0_1m", "my sister and i both"),
        ("favourite_colour", "blue", "my sister and i both"),
        ("agent_status", "signed_agreement", "my sister and i both"),
        ("decision_makers", "shared", "i"),
    ],
    ids=[
        "words that nobody said",
        "a value that there is not",
        "a number out of range",
        "the question that waits",
        "what nobody asks",
        "what would end the call",
        "a quote that shows nothing",
    ],
)
async def test_everything_else_is_not(field: str, value: str, quote: str) -> None:
    facts = await known_after("well my sister and i both have to sign off on it", proposed(field, value, quote))

    assert facts == {}


async def test_what_was_plainly_understood_stands() -> None:
    plainly = Fact(field="decision_makers", value="self", turn=1, quote="just me", confidence=1.0)
    known = PENDING.model_copy(update={"facts": {"decision_makers": plainly}})

    facts = await known_after(
        "my sister and i both", proposed("decision_makers", "shared", "my sister and i both"), state=known
    )

    assert facts["decision_makers"] == plainly


async def test_what_code_reads_in_the_words_counts_more_than_what_the_model_says() -> None:
    facts = await known_after("it needs some work", proposed("condition", "3", "it needs some work"))

    assert facts["condition"].value == 1


async def test_a_conversation_asks_no_more_for_what_was_overheard() -> None:
    words = "my sister and i both have to sign off"
    reader = Reader((proposed("decision_makers", "shared", "my sister and i both"),))
    analyst = Analyst(brief=BRIEF, clock=StillClock(), extractor=reader)
    driver = Driver(BRIEF, decider=decide_plainly, actions=Hands(), clock=StillClock(), analyst=analyst)
    await all_of(driver.open(""))
    for text in ("yes this is bob", f"in two months {words}"):
        await all_of(driver.heard(text))
    reader.may_answer.set()
    asked = []
    for text in ("i have a new job in another state", "it is in good shape", "no"):
        await asyncio.sleep(0.01)
        asked += acts(await all_of(driver.heard(text)))

    assert "ask.decision_makers" not in asked
    assert driver.state.facts["decision_makers"].value == "shared"


async def test_nobody_waits_for_a_model_that_is_slow_or_away() -> None:
    reader = Reader(is_away=True)
    driver = Driver(
        BRIEF,
        decider=decide_plainly,
        actions=Hands(),
        clock=StillClock(),
        analyst=Analyst(brief=BRIEF, clock=StillClock(), extractor=reader),
    )
    await all_of(driver.open(""))

    said = []
    for text in ("yes this is bob", "in two months", "a new job"):
        said.append(acts(await all_of(driver.heard(text)))[-1])
        await asyncio.sleep(0)
    assert len(reader.asked) == 1, "one look at a time"
    reader.may_answer.set()
    await asyncio.sleep(0.01)
    said.append(acts(await all_of(driver.heard("it is in good shape")))[-1])

    assert said == ["ask.timeline", "ask.motivation", "ask.condition", "ask.agent_status"]


async def test_the_mood_of_the_call_is_in_its_state_without_a_model() -> None:
    driver = Driver(
        BRIEF,
        decider=decide_plainly,
        actions=Hands(),
        clock=StillClock(),
        analyst=Analyst(brief=BRIEF, clock=StillClock()),
    )
    await all_of(driver.open(""))
    moods = []
    for text in ("yes this is bob thank you that is great", "you people are so annoying", "hm"):
        await all_of(driver.heard(text))
        moods.append(driver.state.mood)

    assert moods[0] == 0.0, "what was heard last is known before the next turn"
    assert moods[1] > 0 > moods[2]


async def test_an_answer_that_was_foreseen_is_still_good_when_nothing_was_found() -> None:
    decided = []

    async def decider(state: ConversationState, text: str, scene: object):  # type: ignore[no-untyped-def]
        decided.append(text)
        return await decide_plainly(state, text, scene)  # type: ignore[arg-type]

    analyst = Analyst(brief=BRIEF, clock=StillClock())
    driver = Driver(BRIEF, decider=decider, actions=Hands(), clock=StillClock(), analyst=analyst)
    await all_of(driver.open(""))
    await all_of(driver.heard("yes this is bob thank you"))
    foreseen = await driver.foresee("in two months")
    [move] = await all_of(driver.heard("in two months", foreseen))

    assert move is foreseen
    assert decided == ["yes this is bob thank you", "in two months"]


async def test_nothing_is_asked_about_who_does_not_want_to_be_recorded() -> None:
    reader = Reader()
    analyst = Analyst(brief=BRIEF, clock=StillClock(), extractor=reader)

    analyst.listen("my sister and i", PENDING.model_copy(update={"off_the_record": True}))
    await asyncio.sleep(0)

    assert reader.asked == []
