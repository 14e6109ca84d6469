"""Whole rehearsals over WebRTC, at real pace, with a browser's side made of the same library's other end."""

import asyncio
from collections.abc import Callable

from shared.conversation import ActionResult, OpenSlot
from shared.kernel.ids import AgentId, AppointmentId
from tests.voice_node.browser.conftest import REHEARSAL, Rehearsing
from tests.voice_node.browser.page import offered
from tests.voice_node.doubles import ATTEMPT, NOON, make_brief
from tests.voice_node.media_client import until
from voice_node.browser.rehearsal import RehearsalDesk

Spoken = Callable[[str], bytes]
HUM_SECONDS = 0.03
"""How long the agent's stand-in voice hums for each letter."""


async def test_one_talks_with_the_agent_and_nothing_is_left_of_it(rehearsing: Rehearsing, spoken: Spoken) -> None:
    node = rehearsing.node
    node.recognises += ["yes", "bye"]

    async with rehearsing.open() as page:
        await page.hear_out("Is this Bob?")
        assert node.admission.lease.live == {REHEARSAL}
        page.speak(spoken("Yes this is Bob."))
        await page.hear_out("You said yes.")
        page.speak(spoken("Thank you bye."))
        await until(page.is_over.is_set)
    await until(lambda: not node.admission.lease.live)

    assert page.codec == "audio/PCMU"
    assert [(turn["speaker"], turn["text"]) for turn in page.report["turns"]] == [
        ("agent", "Hi, this is Ava."),
        ("agent", "Is this Bob?"),
        ("caller", "yes"),
        ("agent", "You said yes."),
        ("caller", "bye"),
        ("agent", "You said bye."),
    ]
    assert page.report["ended_by"] == "agent"
    assert (node.cabinet.reports, node.live.items, node.hung_up) == ([], [], [])
    assert [path for path in rehearsing.folder.rglob("*") if path.is_file()] == []


async def test_speaking_over_the_agent_empties_the_line_and_what_was_heard_is_noted(
    rehearsing: Rehearsing, spoken: Spoken
) -> None:
    words = ["tone"] * 40  # all alike: each takes the same share of the hum that the agent makes of them
    rehearsing.node.recognises += [" ".join(words), "bye"]

    async with rehearsing.open() as page:
        await page.hear_out("Is this Bob?")
        answer_from = len(page.heard) // 2
        page.speak(spoken("Yes this is Bob."))
        await until(lambda: page.agent_lines[-1].startswith("You said tone"))
        await asyncio.sleep(1.2)
        page.speak(spoken("No wait."))
        await until(page.is_over.is_set)
        heard_seconds = page.loud_seconds(answer_from) - HUM_SECONDS * len("You said bye.")

    cut = [turn["text"] for turn in page.report["turns"] if turn["interrupted"]]
    noted_words = len(" ".join(cut).split())
    heard_words = f"You said {' '.join(words)}."[: round(heard_seconds / HUM_SECONDS)].count(" ")  # the last is cut off
    assert cut[0].startswith("You said tone")
    assert 0 < heard_words < len(words)
    assert abs(noted_words - heard_words) <= 1


async def test_stop_calling_suppresses_nobody(rehearsing: Rehearsing, spoken: Spoken) -> None:
    rehearsing.node.recognises += ["please stop calling me"]

    async with rehearsing.open() as page:
        await page.hear_out("Is this Bob?")
        page.speak(spoken("Please stop calling me."))
        await until(page.is_over.is_set)

    assert page.report["opted_out"]
    assert page.agent_lines[-1] == "Removed: done."
    assert rehearsing.node.cabinet.suppressed == []


async def test_keys_and_hanging_up_are_heard(rehearsing: Rehearsing) -> None:
    async with rehearsing.open() as page:
        await until(lambda: "Is this Bob?" in page.agent_lines)
        page.send(type="key", digit="5")
        page.send(type="key", digit="no key")
        await until(lambda: "Key 5." in page.agent_lines)
        page.send(type="hang_up")
        await until(page.is_over.is_set)

    assert (page.report["ended_by"], page.report["end_reason"]) == ("caller", "hung_up")


async def test_a_page_that_is_closed_ends_its_rehearsal(rehearsing: Rehearsing) -> None:
    async with rehearsing.open() as page:
        await until(lambda: page.agent_lines)

    await until(lambda: not rehearsing.node.admission.lease.live)


async def test_browsers_take_the_slots_of_calls(rehearsing: Rehearsing) -> None:
    rehearsing.node.admission.lease.slots = 1
    other = make_brief(attempt_id=f"{REHEARSAL}-2")

    async with rehearsing.open():
        answer = await offered(rehearsing.address, rehearsing.ticket(brief=other), "v=0")

    assert (answer["status"], answer["detail"]) == (503, "the agent is busy: try again in a moment")


async def test_only_a_good_ticket_opens_the_line(rehearsing: Rehearsing) -> None:
    tickets = {
        "another secret": rehearsing.ticket(secret="a secret that the node does not know"),
        "an earlier life": rehearsing.ticket(epoch="e0"),
        "a real attempt": rehearsing.ticket(brief=make_brief(attempt_id=ATTEMPT)),
        "no ticket": "hello",
    }

    answers = {name: (await offered(rehearsing.address, text, "v=0"))["status"] for name, text in tickets.items()}

    assert answers == dict.fromkeys(tickets, 409)
    assert not rehearsing.node.admission.lease.live


async def test_an_offer_that_cannot_be_read_leaves_the_slot_free(rehearsing: Rehearsing) -> None:
    answer = await offered(rehearsing.address, rehearsing.ticket(), "this is no session description")

    assert answer["status"] == 400
    assert not rehearsing.node.admission.lease.live


async def test_the_agent_may_book_and_nobody_is_booked() -> None:
    brief, told = make_brief(attempt_id=REHEARSAL), list[dict[str, object]]()
    desk = RehearsalDesk(own=brief, tell=told.append)
    slot = OpenSlot(agent_id=AgentId("a1"), agent_name="Kim", starts_at=NOON, ends_at=NOON)

    assert await desk.book(brief, slot, AppointmentId("b1")) is ActionResult.DONE
    assert await desk.opt_out(brief, "stop") is ActionResult.DONE
    assert told == []
