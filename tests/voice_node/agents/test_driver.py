"""The driver keeps the state, performs actions between decision and words, and says only what came of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from shared.conversation import (
    ActionResult,
    AgentName,
    BookSlot,
    CallBrief,
    ConversationState,
    Line,
    Move,
    OpenSlot,
    PromiseCallback,
    Stage,
)
from shared.kernel.ids import AgentId, AppointmentId
from tests.voice_node.doubles import NOON, StillClock, make_brief
from voice_node.agents.driver import Driver
from voice_node.agents.graph import decide_plainly
from voice_node.agents.turn import Scene

SLOT = OpenSlot(
    agent_id=AgentId("a1"),
    agent_name="Grace",
    starts_at=NOON + timedelta(days=1),
    ends_at=NOON + timedelta(days=1, minutes=30),
)
BRIEF = make_brief(script="seller_home_value", slots=(SLOT,))


@dataclass
class Hands:
    """Performs every action with the given result."""

    result: ActionResult = ActionResult.DONE
    booked: list[AppointmentId] = field(default_factory=list)
    moved: list[tuple[AppointmentId | None, AppointmentId]] = field(default_factory=list)
    cancelled: list[AppointmentId | None] = field(default_factory=list)
    opted_out: list[str] = field(default_factory=list)
    stopped: int = 0

    async def opt_out(self, brief: CallBrief, words: str) -> ActionResult:
        self.opted_out.append(words)
        return self.result

    async def stop_recording(self, brief: CallBrief) -> ActionResult:
        self.stopped += 1
        return self.result

    async def book(self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId) -> ActionResult:
        self.booked.append(appointment_id)
        return self.result

    async def move(
        self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId, *, instead_of: AppointmentId | None
    ) -> ActionResult:
        self.moved.append((instead_of, appointment_id))
        return self.result

    async def cancel(self, brief: CallBrief, appointment_id: AppointmentId | None) -> ActionResult:
        self.cancelled.append(appointment_id)
        return self.result


async def all_of(moves: AsyncIterator[Move]) -> list[Move]:
    return [move async for move in moves]


def acts(moves: list[Move]) -> list[str]:
    return [line.act for move in moves for line in move.lines]


async def booking(state: ConversationState, text: str, scene: Scene) -> Move:
    """Always books the one slot."""
    chosen = state.model_copy(update={"chosen": SLOT, "stage": Stage.SCHEDULING})
    return Move(agent=AgentName.SCHEDULER, state=chosen, action=BookSlot(slot=SLOT))


@pytest.mark.parametrize(
    ("result", "said", "is_booked", "is_kept"),
    [
        (ActionResult.DONE, "booked", True, True),
        (ActionResult.UNKNOWN, "booking_unknown", False, True),
        (ActionResult.TAKEN, "taken", False, False),
    ],
)
async def test_what_is_said_of_a_booking_is_what_came_of_it(
    result: ActionResult, said: str, is_booked: bool, is_kept: bool
) -> None:
    hands = Hands(result)
    driver = Driver(BRIEF, decider=booking, actions=hands, clock=StillClock())

    moves = await all_of(driver.heard("the first one"))

    assert said in acts(moves) or (said == "taken" and acts(moves)[0] in ("taken", "no_slots"))
    assert driver.state.is_booked is is_booked
    assert (driver.state.appointment_id == hands.booked[0]) is is_kept


async def test_an_opt_out_is_written_before_it_is_confirmed() -> None:
    hands = Hands()
    driver = Driver(BRIEF, decider=decide_plainly, actions=hands, clock=StillClock())
    await all_of(driver.open(""))

    moves = await all_of(driver.heard("take me off your list"))

    assert hands.opted_out == ["take me off your list"]
    assert acts(moves) == ["opt_out_done"]
    assert moves[-1].ends_call


async def test_an_opt_out_that_the_guard_wrote_is_confirmed_by_how_that_went() -> None:
    hands = Hands()
    driver = Driver(BRIEF, decider=decide_plainly, actions=hands, clock=StillClock())

    moves = await all_of(driver.opted_out("stop", ActionResult.UNKNOWN))

    assert hands.opted_out == []
    assert acts(moves) == ["opt_out_unknown"]
    assert (driver.state.opted_out, driver.state.opt_out_words) == (True, "stop")


async def test_a_promise_to_call_back_is_kept_by_the_report() -> None:
    at = NOON + timedelta(hours=5)

    async def promising(state: ConversationState, text: str, scene: Scene) -> Move:
        return Move(agent=AgentName.SCHEDULER, state=state, action=PromiseCallback(at=at))

    driver = Driver(BRIEF, decider=promising, actions=Hands(), clock=StillClock())
    moves = await all_of(driver.heard("call me later"))

    assert acts(moves) == ["callback_done"]
    assert driver.state.callback_at == at


async def test_a_hello_during_the_opening_is_answered_with_the_question_once() -> None:
    greeted = await all_of(Driver(BRIEF, decider=decide_plainly, actions=Hands(), clock=StillClock()).open(""))
    driver = Driver(BRIEF, decider=decide_plainly, actions=Hands(), clock=StillClock())

    moves = await all_of(driver.open("hello"))

    assert acts(moves) == acts(greeted)


async def test_an_answer_nobody_heard_can_be_taken_back() -> None:
    driver = Driver(BRIEF, decider=decide_plainly, actions=Hands(), clock=StillClock())
    await all_of(driver.open(""))
    before = driver.state
    await all_of(driver.heard("yes this is bob"))

    assert driver.rewind()
    assert driver.state == before
    assert not driver.rewind()


async def test_what_was_done_cannot_be_taken_back() -> None:
    driver = Driver(BRIEF, decider=booking, actions=Hands(), clock=StillClock())
    await all_of(driver.heard("the first one"))

    assert not driver.rewind()


async def test_keys_that_mean_nothing_are_not_answered() -> None:
    driver = Driver(BRIEF, decider=decide_plainly, actions=Hands(), clock=StillClock())

    assert await all_of(driver.key("5")) == []


async def test_a_machine_is_left_without_a_word() -> None:
    driver = Driver(BRIEF, decider=decide_plainly, actions=Hands(), clock=StillClock())

    [move] = await all_of(driver.machine("machine_end_beep"))

    assert (move.lines, move.ends_call, driver.state.heard) == ((), True, "voicemail")


async def test_words_before_an_action_are_said_before_it() -> None:
    hands = Hands()

    async def announcing(state: ConversationState, text: str, scene: Scene) -> Move:
        move = await booking(state, text, scene)
        return Move(agent=move.agent, state=move.state, lines=(Line(act="ack"),), action=move.action)

    driver = Driver(BRIEF, decider=announcing, actions=hands, clock=StillClock())
    moves = driver.heard("the first one")

    first = await anext(moves)
    assert (acts([first]), hands.booked) == (["ack"], [])
    second = await anext(moves)
    assert (acts([second]), len(hands.booked)) == (["booked"], 1)


@pytest.mark.parametrize(
    ("result", "said"), [(ActionResult.DONE, "recording_off"), (ActionResult.UNKNOWN, "recording_off_unknown")]
)
async def test_a_recording_is_stopped_before_it_is_said_to_be_and_the_call_goes_on(
    result: ActionResult, said: str
) -> None:
    hands = Hands(result)
    driver = Driver(BRIEF, decider=decide_plainly, actions=hands, clock=StillClock())
    await all_of(driver.open(""))

    moves = await all_of(driver.heard("i do not want to be recorded"))

    assert hands.stopped == 1
    assert acts(moves)[0] == said
    assert not moves[-1].ends_call
    assert driver.state.off_the_record
    assert not driver.rewind()


async def test_nothing_is_stopped_while_an_objection_is_only_foreseen() -> None:
    hands = Hands()
    driver = Driver(BRIEF, decider=decide_plainly, actions=hands, clock=StillClock())

    assert await driver.foresee("do not record me") is None
    assert (hands.stopped, driver.state.off_the_record) == (0, False)


@pytest.mark.parametrize(
    ("result", "said"),
    [(ActionResult.DONE, "moved"), (ActionResult.UNKNOWN, "moving_unknown"), (ActionResult.TAKEN, "taken")],
)
async def test_what_is_said_of_a_move_is_what_came_of_it(result: ActionResult, said: str) -> None:
    hands = Hands(result)
    later = SLOT.model_copy(update={"starts_at": SLOT.starts_at + timedelta(days=2)})
    brief = make_brief(script="seller_home_value", slots=(later,), booked=SLOT, booked_id="old", direction="inbound")
    driver = Driver(brief, decider=decide_plainly, actions=hands, clock=StillClock())
    await all_of(driver.open(""))
    await all_of(driver.heard("yes i need to reschedule"))

    moves = await all_of(driver.heard("yes"))

    assert acts(moves)[0] == said
    [(instead_of, appointment_id)] = hands.moved
    assert instead_of == "old"
    assert (driver.state.appointment_id == appointment_id) is (result is not ActionResult.TAKEN)


async def test_an_appointment_is_cancelled_before_it_is_said_to_be() -> None:
    hands = Hands()
    brief = make_brief(script="seller_home_value", booked=SLOT, booked_id="old", direction="inbound")
    driver = Driver(brief, decider=decide_plainly, actions=hands, clock=StillClock())
    await all_of(driver.open(""))
    await all_of(driver.heard("yes please cancel my appointment"))
    assert hands.cancelled == []

    moves = await all_of(driver.heard("yes cancel it"))

    assert hands.cancelled == ["old"]
    assert acts(moves)[0] == "cancelled"
