"""Every ready script is walked to its end by the driver, with a plain person on the line."""

from datetime import timedelta

import pytest

from shared.conversation import CallBrief, Move, OpenSlot
from shared.conversation.phrasing import say
from shared.conversation.script import load_script, script_names
from shared.kernel.ids import AgentId
from tests.voice_node.agents.test_driver import Hands, all_of
from tests.voice_node.doubles import NOON, StillClock, make_brief
from voice_node.agents.driver import Driver
from voice_node.agents.graph import decide_plainly

SLOTS = tuple(
    OpenSlot(
        agent_id=AgentId("a1"),
        agent_name="Grace",
        starts_at=NOON + timedelta(days=day, hours=hour),
        ends_at=NOON + timedelta(days=day, hours=hour, minutes=30),
    )
    for day in (1, 2)
    for hour in (0, 2)
)
PLAIN = {
    "identity": "yes this is alex",
    "timeline": "in about two months",
    "motivation": "we need more space",
    "condition": "it's in good condition",
    "agent_status": "no agent",
    "decision_makers": "it's just me",
    "price": "up to four hundred thousand",
    "financing": "i'm pre approved",
    "area": "around cedar park",
    "bedrooms": "two bedrooms",
    "rent": "about eighteen hundred",
    "pets": "no pets",
    "interest": "yes we liked it",
    "referral": "my sister wants to buy",
    "wish": "i want to sell my house",
    "slot": "the first one works",
    "anything_else": "no that's all thank you",
}
MOST_TURNS = 14


async def walk(brief: CallBrief, **different: str) -> tuple[Driver, Hands, list[str]]:
    """The whole call; every question is answered plainly."""
    script, hands = load_script(brief.script), Hands()
    said: list[str] = []
    driver = Driver(brief, decider=decide_plainly, actions=hands, clock=StillClock())

    def hear(moves: list[Move]) -> bool:
        said.extend(text for move in moves for text in say(move.lines, state=move.state, brief=brief, script=script))
        return any(move.ends_call for move in moves)

    over, turns = hear(await all_of(driver.open(""))), 0
    while not over:
        turns += 1
        assert turns <= MOST_TURNS, said
        over = hear(await all_of(driver.heard((PLAIN | different)[driver.state.pending or "identity"])))
    return driver, hands, said


def brief_for(script: str, **different: object) -> CallBrief:
    return make_brief(**{"script": script, "slots": SLOTS, "first_name": "Alex"} | different)


@pytest.mark.parametrize("name", script_names())
async def test_a_plain_person_books_and_every_field_is_known(name: str) -> None:
    driver, hands, said = await walk(brief_for(name))

    assert driver.state.is_booked
    assert len(hands.booked) == 1
    asked = [question.field for question in load_script(name).questions if question.field in driver.state.asked]
    assert 4 <= len(asked) <= 6
    assert set(asked) <= driver.state.facts.keys()
    assert set(load_script(name).required) <= driver.state.facts.keys()
    assert "{" not in " ".join(said)
    assert driver.state.misunderstood == 0


@pytest.mark.parametrize("name", script_names())
async def test_somebody_in_no_hurry_is_left_in_peace(name: str) -> None:
    driver, hands, _ = await walk(brief_for(name), timeline="not for a couple of years")

    assert hands.booked == []
    assert driver.state.facts["timeline"].value == "12m+"


@pytest.mark.parametrize(
    ("wish", "asked", "not_asked"),
    [
        ("i want to sell my house", {"condition", "agent_status", "decision_makers"}, {"price", "rent"}),
        ("i am looking to buy a house", {"price", "financing", "agent_status"}, {"condition", "rent"}),
        ("i want to rent an apartment", {"bedrooms", "rent"}, {"price", "condition", "agent_status"}),
    ],
)
async def test_a_stranger_who_calls_is_asked_what_fits_their_wish(
    wish: str, asked: set[str], not_asked: set[str]
) -> None:
    stranger = brief_for("inbound", direction="inbound", first_name="", last_name="", asked_at=None)
    driver, _, _ = await walk(stranger, identity=wish)

    assert asked <= driver.state.asked.keys()
    assert not not_asked & driver.state.asked.keys()
    assert "wish" not in driver.state.asked, "it was told without being asked"
    assert driver.state.is_booked
