"""Drives one conversation: keeps its state, performs what was decided, with a graph or without."""

from collections.abc import AsyncIterator, Awaitable, Callable

from shared.conversation import (
    Action,
    ActionResult,
    AgentName,
    BookSlot,
    CallBrief,
    CancelAppointment,
    ConversationState,
    Move,
    MoveAppointment,
    PromiseCallback,
    RecordOptOut,
    StopRecording,
    machines,
)
from shared.conversation import turn as room
from shared.conversation.actions import after_action
from shared.conversation.machines import Tone
from shared.conversation.objections import opt_out
from shared.conversation.script import script_of
from shared.conversation.topics import LISTENING, ending, free
from shared.kernel.clock import Clock
from shared.kernel.ids import AppointmentId, new_id
from voice_node.agents.turn import Scene
from voice_node.cast import Actions

Decider = Callable[[ConversationState, str, Scene], Awaitable[Move]]


class Driver:
    """The ``Talker`` of a real call."""

    def __init__(self, brief: CallBrief, *, decider: Decider, actions: Actions, clock: Clock) -> None:
        self._brief = brief
        self._script = script_of(brief)
        self._decider = decider
        self._actions = actions
        self._clock = clock
        self.state = ConversationState()
        self._before: ConversationState | None = None
        self._foreseen_from: ConversationState | None = None

    async def open(self, early_words: str) -> AsyncIterator[Move]:
        """The first move after the opening; words that came during it are answered instead of asked for again."""
        scene = self._scene()
        before = self.state
        if early_words:  # they are one turn more once they are answered
            before = before.model_copy(update={"human_turns": max(before.human_turns - 1, 0)})
        move = self._keep(room.open_call(scene.brief, scene.script, scene.now, before=before))
        if not early_words:
            yield move
            return
        async for answer in self.heard(early_words):
            yield answer

    async def foresee(self, text: str) -> Move | None:
        """The answer to what the caller seems to have said: decided, not carried out, and not remembered."""
        move = await self._decider(self.state, text, self._scene())
        if not move.lines or move.says_opening or move.leaves_message:
            return None
        self._foreseen_from = self.state
        return move

    async def heard(self, text: str, foreseen: Move | None = None) -> AsyncIterator[Move]:
        """The answer to what the caller said; ``foreseen`` is it, unless something has happened since."""
        self._before = self.state
        if foreseen is None or self._foreseen_from is not self.state:
            foreseen = await self._decider(self.state, text, self._scene())
        async for move in self._carry_out(foreseen):
            yield move

    def rewind(self) -> bool:
        """Forget the last ``heard``, whose answer nobody heard; ``False`` when something was done for it."""
        if self._before is None:
            return False
        self.state, self._before = self._before, None
        return True

    async def silence(self, times: int) -> AsyncIterator[Move]:
        """What to do when nobody has spoken for a while, for the ``times``-th time in a row."""
        scene = self._scene()
        move = room.on_silence(self.state, times, brief=scene.brief, script=scene.script, now=scene.now)
        async for each in self._carry_out(move):
            yield each

    async def key(self, digit: str) -> AsyncIterator[Move]:
        """The answer to a key; most keys mean nothing."""
        scene = self._scene()
        move = room.on_key(self.state, digit, brief=scene.brief, script=scene.script, now=scene.now)
        if move is not None:
            async for each in self._carry_out(move):
                yield each

    async def time_is_up(self) -> AsyncIterator[Move]:
        """The goodbye when the call has lasted as long as it may."""
        yield self._keep(ending(AgentName.CLOSER, self.state, free("goodbye")))

    async def overheard(self, text: str) -> AsyncIterator[Move]:
        """Words that come while the opening plays: a machine is left at once, a person is answered after it."""
        move = machines.overheard(self.state, text, self._brief)
        if move is not None and (self._keep(move).ends_call or self.state.pending == LISTENING):
            yield move

    async def machine(self, verdict: str) -> AsyncIterator[Move]:
        """The carrier says who answered: a machine is left alone, or waited for; a person stays one."""
        move = machines.on_machine(self.state, verdict, self._brief)
        if move is not None:
            yield self._keep(move)

    async def tone(self, tone: Tone) -> AsyncIterator[Move]:
        """A tone that no voice makes."""
        move = machines.on_tone(self.state, tone, self._brief)
        if move is not None:
            yield self._keep(move)

    async def opted_out(self, words: str, result: ActionResult) -> AsyncIterator[Move]:
        """The farewell after an opt-out that was heard and written ahead of the conversation."""
        wish = self._keep(opt_out(self.state, words))
        assert wish.action is not None
        yield self._follow_up(wish.action, result)

    async def _carry_out(self, move: Move) -> AsyncIterator[Move]:
        """The move, and what follows from its action. What was booked or promised is in the state, not in words."""
        self._keep(move)
        if move.lines or move.action is None:
            yield move
        if move.action is not None:
            result = await self._perform(move.action)
            async for following in self._carry_out(self._follow_up(move.action, result)):
                yield following

    async def _perform(self, action: Action) -> ActionResult:
        self._before = None
        match action:
            case RecordOptOut(words=words):
                return await self._actions.opt_out(self._brief, words)
            case BookSlot(slot=slot):
                appointment_id = AppointmentId(new_id())
                result = await self._actions.book(self._brief, slot, appointment_id)
                kept = None if result is ActionResult.TAKEN else appointment_id
                self.state = self.state.model_copy(update={"appointment_id": kept})
                return result
            case MoveAppointment(slot=slot, instead_of=old):
                appointment_id = AppointmentId(new_id())
                self.state = self.state.model_copy(update={"appointment_id": appointment_id})
                return await self._actions.move(self._brief, slot, appointment_id, instead_of=old)
            case CancelAppointment(appointment_id=known):
                return await self._actions.cancel(self._brief, known)
            case StopRecording():
                return await self._actions.stop_recording(self._brief)
            case PromiseCallback():
                # The report carries the promise, and it outlives every failure.
                return ActionResult.DONE

    def _follow_up(self, action: Action, result: ActionResult) -> Move:
        scene = self._scene()
        return self._keep(
            after_action(self.state, action, result, brief=scene.brief, script=scene.script, now=scene.now)
        )

    def _keep(self, move: Move) -> Move:
        self.state = move.state
        return move

    def _scene(self) -> Scene:
        return Scene(brief=self._brief, script=self._script, now=self._clock.now())
