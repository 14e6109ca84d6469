"""What a part of a call writes down is what the next one goes on from; what is over is forgotten."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from shared.conversation import (
    ActionResult,
    AgentName,
    BookSlot,
    CallBrief,
    CallReport,
    ConversationState,
    Fact,
    Move,
    OpenSlot,
    RecordOptOut,
    SpokenTurn,
    Stage,
)
from shared.kernel.ids import AgentId, AppointmentId
from tests.voice_node.agents.test_driver import BRIEF, SLOT, Hands, acts, all_of
from tests.voice_node.agents.test_saver import Shelf
from tests.voice_node.doubles import NOON, StillClock
from voice_node.agents.driver import Driver
from voice_node.agents.graph import decide_plainly
from voice_node.agents.memory import Memory
from voice_node.agents.remembering import Remembering, remember
from voice_node.agents.saver import thread_of

SECOND = BRIEF.model_copy(update={"part": 1})
FACT = Fact(field="timeline", value="1_3m", turn=2, quote="in about two months")
ASKED = ConversationState(
    stage=Stage.QUALIFYING,
    turn=2,
    pending="motivation",
    asked={"motivation": 1},
    facts={"timeline": FACT},
    heard="human",
)
SAID = SpokenTurn(number=1, speaker="caller", text="in about two months", started=1.0, ended=2.0)


@dataclass
class Broken:
    """Actions of a worker that dies while it does them; ``booked`` was written before it died."""

    async def opt_out(self, brief: CallBrief, words: str) -> ActionResult:
        raise SystemExit

    async def stop_recording(self, brief: CallBrief) -> ActionResult:
        raise SystemExit

    async def book(self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId) -> ActionResult:
        raise SystemExit

    async def move(
        self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId, *, instead_of: AppointmentId | None
    ) -> ActionResult:
        raise SystemExit

    async def cancel(self, brief: CallBrief, appointment_id: AppointmentId | None) -> ActionResult:
        raise SystemExit


def worker(folder: Path, name: str = "w1", shelf: Shelf | None = None) -> Remembering:
    """A worker's memories, as a process of its own would have them."""

    async def nothing() -> None:
        return

    return remember(
        shelf or Shelf(),
        folder=folder,
        worker=name,
        secret=SecretStr("a secret that all nodes share"),
        clock=StillClock(),
        close=nothing,
    )


async def begun(
    folder: Path, brief: CallBrief = BRIEF, *, name: str = "w1", said: tuple[SpokenTurn, ...] = ()
) -> Memory:
    return await worker(folder, name).memories.begin(brief, lambda: said)


async def killed(folder: Path, state: ConversationState = ASKED, **more: object) -> None:
    """A first part that ended nowhere."""
    memory = await begun(folder, said=(SAID,))
    await memory.keep(state, agent=AgentName.QUALIFIER, **more)  # type: ignore[arg-type]


def driver_of(brief: CallBrief, memory: Memory, hands: object) -> Driver:
    return Driver(brief, decider=decide_plainly, actions=hands, clock=StillClock(), memory=memory)  # type: ignore[arg-type]


async def test_the_next_part_goes_on_with_the_question_that_waits(tmp_path: Path) -> None:
    await killed(tmp_path)
    memory = await begun(tmp_path, SECOND, name="w2")

    driver = driver_of(SECOND, memory, Hands())
    moves = await all_of(driver.open(""))

    assert acts(moves) == ["ask.motivation"]
    assert driver.state.facts["timeline"].value == "1_3m"
    assert memory.before is not None
    assert [turn.text for turn in memory.before.turns] == ["in about two months"]


async def test_a_hello_during_the_first_words_is_no_answer(tmp_path: Path) -> None:
    await killed(tmp_path)
    driver = driver_of(SECOND, await begun(tmp_path, SECOND, name="w2"), Hands())

    moves = await all_of(driver.open("hello yes i am still here"))

    assert acts(moves) == ["ask.motivation"]
    assert (driver.state.turn, driver.state.asked["motivation"]) == (1, 1)


async def test_an_answer_during_the_first_words_is_taken(tmp_path: Path) -> None:
    await killed(tmp_path)
    driver = driver_of(SECOND, await begun(tmp_path, SECOND, name="w2"), Hands())

    moves = await all_of(driver.open("i have a new job in another state"))

    assert acts(moves)[-1] == "ask.condition"
    assert driver.state.facts["motivation"].turn == 1


async def test_a_part_without_checkpoint_begins_as_its_brief_says(tmp_path: Path) -> None:
    driver = driver_of(SECOND, await begun(tmp_path, SECOND), Hands())

    assert acts(await all_of(driver.open(""))) == ["greet_undated"]


@pytest.mark.parametrize("action", [BookSlot(slot=SLOT), RecordOptOut(words="stop")], ids=["booking", "opt-out"])
async def test_what_was_begun_when_the_worker_died_is_done_by_the_next(tmp_path: Path, action: object) -> None:
    async def acting(state: ConversationState, text: str, scene: object) -> Move:
        chosen = SLOT if isinstance(action, BookSlot) else None
        over = state.model_copy(update={"chosen": chosen, "stage": Stage.SCHEDULING})
        return Move(agent=AgentName.SCHEDULER, state=over, action=action)  # type: ignore[arg-type]

    memory = await begun(tmp_path)
    dying = Driver(BRIEF, decider=acting, actions=Broken(), clock=StillClock(), memory=memory)
    with pytest.raises(SystemExit):
        await all_of(dying.heard("go ahead"))

    hands = Hands()
    driver = driver_of(SECOND, await begun(tmp_path, SECOND, name="w2"), hands)
    said = acts(await all_of(driver.open("")))

    if isinstance(action, BookSlot):
        assert (said, hands.booked) == (["booked"], [dying.state.appointment_id])
    else:
        assert (said, hands.opted_out) == (["opt_out_done"], ["stop"])


async def test_a_booking_that_is_in_the_calendar_is_not_made_again(tmp_path: Path) -> None:
    chosen = ASKED.model_copy(update={"chosen": SLOT, "appointment_id": AppointmentId("a"), "stage": Stage.SCHEDULING})
    await killed(tmp_path, chosen, unfinished=BookSlot(slot=SLOT))
    hands = Hands()
    brief = SECOND.model_copy(update={"booked": SLOT})
    driver = driver_of(brief, await begun(tmp_path, brief, name="w2"), hands)

    assert acts(await all_of(driver.open(""))) == ["booked"]
    assert (hands.booked, driver.state.appointment_id, driver.state.is_booked) == ([], "a", True)


async def test_a_slot_that_somebody_took_meanwhile_is_not_offered_again(tmp_path: Path) -> None:
    other = SLOT.model_copy(update={"agent_id": AgentId("a1"), "starts_at": NOON + timedelta(days=3)})
    offered = ASKED.model_copy(update={"stage": Stage.SCHEDULING, "pending": "slot", "offered": (SLOT,)})
    await killed(tmp_path, offered)
    brief = SECOND.model_copy(update={"slots": (other,)})
    driver = driver_of(brief, await begun(tmp_path, brief, name="w2"), Hands())

    assert acts(await all_of(driver.open(""))) == ["offer_only"]
    assert driver.state.offered == (other,)


async def test_who_did_not_want_to_be_recorded_leaves_no_words(tmp_path: Path) -> None:
    await killed(tmp_path, ASKED.model_copy(update={"off_the_record": True}))

    memory = await begun(tmp_path, SECOND, name="w2")

    assert memory.before is not None
    assert (memory.before.state.facts["timeline"].value, memory.before.state.facts["timeline"].quote) == ("1_3m", "")
    assert [turn.text for turn in memory.before.turns] == ["(not kept)"]


def over(part: int, ended_by: str) -> CallReport:
    return CallReport.model_validate(
        {
            "attempt_id": BRIEF.attempt_id,
            "part": part,
            "worker": "w1",
            "epoch": "e1",
            "started_at": NOON,
            "ended_at": NOON,
            "ended_by": ended_by,
            "end_reason": "goodbye",
            "heard": "human",
        }
    )


@pytest.mark.parametrize(("ended_by", "is_kept"), [("agent", False), ("caller", False), ("error", True)])
async def test_only_a_call_that_broke_is_remembered(tmp_path: Path, ended_by: str, is_kept: bool) -> None:
    here = worker(tmp_path)
    memory = await here.memories.begin(BRIEF, tuple)
    await memory.keep(ASKED, agent=AgentName.QUALIFIER)
    assert here.memories.of(BRIEF) is memory

    here.memories.over(over(0, ended_by))

    assert here.memories.of(BRIEF) is not memory
    found = (await begun(tmp_path, SECOND, name="w2")).before
    assert (found is not None) is is_kept


async def test_the_parts_before_are_forgotten_with_the_last(tmp_path: Path) -> None:
    await killed(tmp_path)
    here = worker(tmp_path, "w2")
    memory = await here.memories.begin(SECOND, tuple)
    await memory.keep(ASKED, agent=AgentName.QUALIFIER)

    here.memories.over(over(1, "agent"))

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


async def test_what_is_of_another_call_is_not_gone_on_with(tmp_path: Path) -> None:
    await killed(tmp_path)
    other = SECOND.model_copy(update={"attempt_id": "0195a000-0000-7000-8000-000000000002"})
    here = worker(tmp_path, "w2")
    [file] = [path for path in tmp_path.rglob("*") if path.is_file()]
    file.rename(file.with_name(f"{other.attempt_id}.0"))

    assert (await here.memories.begin(other, tuple)).before is None


async def test_a_turn_that_is_only_foreseen_is_not_written_down(tmp_path: Path) -> None:
    here = worker(tmp_path)
    memory = await here.memories.begin(BRIEF, tuple)
    driver = driver_of(BRIEF, memory, Hands())
    await all_of(driver.open(""))
    thread = thread_of(BRIEF.attempt_id, 0)
    before = here.memories.saver.get_tuple(thread)

    await driver.foresee("yes this is bob")

    assert here.memories.saver.get_tuple(thread) == before


async def moves_of(driver: Driver) -> AsyncIterator[Move]:
    async for move in driver.open(""):
        yield move
    for text in ("yes this is bob", "in two months"):
        async for move in driver.heard(text):
            yield move


async def test_where_a_call_stands_is_written_before_it_is_said(tmp_path: Path) -> None:
    here = worker(tmp_path)
    driver = driver_of(BRIEF, await here.memories.begin(BRIEF, tuple), Hands())

    async for move in moves_of(driver):
        kept = here.memories.saver.get_tuple(thread_of(BRIEF.attempt_id, 0))
        assert kept is not None
        assert kept.checkpoint["channel_values"]["state"] == move.state
        assert kept.checkpoint["channel_values"].keys() == {"state", "saved"}
