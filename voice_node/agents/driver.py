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
from shared.conversation.restoring import go_on, is_done, reopened, restored
from shared.conversation.script import script_of
from shared.conversation.topics import LISTENING, ending, free
from shared.kernel.clock import Clock
from shared.kernel.ids import AppointmentId, new_id
from voice_node.agents.analyst import Deaf, Listener
from voice_node.agents.memory import NOTHING, Memory, Remembered
from voice_node.agents.turn import Scene
from voice_node.cast import Actions

Decider = Callable[[ConversationState, str, Scene], Awaitable[Move]]


class Driver:
    """The ``Talker`` of a real call.

    After every turn, before it is said, where the call stands is written to ``memory``; a part that goes on from an
    earlier one begins where that stood. What ``analyst`` has found is known before the next turn.
    """

    def __init__(
        self,
        brief: CallBrief,
        *,
        decider: Decider,
        actions: Actions,
        clock: Clock,
        memory: Memory = NOTHING,
        analyst: Listener | None = None,
    ) -> None:
        self._brief = brief
        self._script = script_of(brief)
        self._decider = decider
        self._actions = actions
        self._clock = clock
        self._memory = memory
        self._analyst = analyst or Deaf()
        self.state = ConversationState() if memory.before is None else restored(memory.before.state, brief)
        self._before: ConversationState | None = None
        self._foreseen_from: ConversationState | None = None

    async def open(self, early_words: str) -> AsyncIterator[Move]:
        """The first move after the opening; words that came during it are answered instead of asked for again."""
        if self._memory.before is not None:
            async for move in self._go_on(self._memory.before, early_words):
                yield move
            return
        scene = self._scene()
        before = self.state
        if early_words:  # they are one turn more once they are answered
            before = before.model_copy(update={"human_turns": max(before.human_turns - 1, 0)})
        move = self._keep(room.open_call(scene.brief, scene.script, scene.now, before=before))
        if not early_words:
            yield await self._written(move)
            return
        async for answer in self.heard(early_words):
            yield answer

    async def foresee(self, text: str) -> Move | None:
        """The answer to what the caller seems to have said: decided, not carried out, and not remembered."""
        self.state = self._analyst.learned(self.state)
        move = await self._decider(self.state, text, self._scene())
        if not move.lines or move.says_opening or move.leaves_message:
            return None
        self._foreseen_from = self.state
        return move

    async def heard(self, text: str, foreseen: Move | None = None) -> AsyncIterator[Move]:
        """The answer to what the caller said; ``foreseen`` is it, unless something has happened since."""
        self.state = self._analyst.learned(self.state)
        self._before = self.state
        if foreseen is None or self._foreseen_from is not self.state:
            foreseen = await self._decider(self.state, text, self._scene())
        self._analyst.listen(text, foreseen.state)
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
        yield await self._written(self._keep(ending(AgentName.CLOSER, self.state, free("goodbye"))))

    async def overheard(self, text: str) -> AsyncIterator[Move]:
        """Words that come while the opening plays: a machine is left at once, a person is answered after it."""
        move = machines.overheard(self.state, text, self._brief)
        if move is not None and (self._keep(move).ends_call or self.state.pending == LISTENING):
            yield await self._written(move)

    async def machine(self, verdict: str) -> AsyncIterator[Move]:
        """The carrier says who answered: a machine is left alone, or waited for; a person stays one."""
        move = machines.on_machine(self.state, verdict, self._brief)
        if move is not None:
            yield await self._written(self._keep(move))

    async def tone(self, tone: Tone) -> AsyncIterator[Move]:
        """A tone that no voice makes."""
        move = machines.on_tone(self.state, tone, self._brief)
        if move is not None:
            yield await self._written(self._keep(move))

    async def opted_out(self, words: str, result: ActionResult) -> AsyncIterator[Move]:
        """The farewell after an opt-out that was heard and written ahead of the conversation."""
        wish = self._keep(opt_out(self.state, words))
        assert wish.action is not None
        yield await self._written(self._follow_up(wish.action, result))

    async def _go_on(self, before: Remembered, early_words: str) -> AsyncIterator[Move]:
        """Do what was to be done when the earlier part broke, otherwise put the question again that waits."""
        scene = self._scene()
        if before.unfinished is not None:
            begun = Move(agent=AgentName.CLOSER, state=self.state, action=before.unfinished)
            async for move in self._carry_out(begun, again=True):
                yield move
            return
        back = self._keep(go_on(self.state, brief=scene.brief, script=scene.script, now=scene.now))
        if early_words:
            counted = reopened(back, early_words, brief=scene.brief, script=scene.script, now=scene.now)
            if counted is None:
                async for answer in self.heard(early_words):
                    yield answer
                return
            self.state = counted
        yield await self._written(back)

    async def _carry_out(self, move: Move, *, again: bool = False) -> AsyncIterator[Move]:
        """The move, and what follows from its action. What was booked or promised is in the state, not in words.

        ``again`` does what an earlier part began, under the same names, so that it is done once.
        """
        self._keep(move)
        if isinstance(move.action, BookSlot | MoveAppointment) and not (again and self.state.appointment_id):
            self.state = self.state.model_copy(update={"appointment_id": AppointmentId(new_id())})
        await self._written(move, unfinished=move.action)
        if move.lines or move.action is None:
            yield move
        if move.action is not None:
            is_there = again and is_done(move.action, self._brief)
            result = ActionResult.DONE if is_there else await self._perform(move.action)
            async for following in self._carry_out(self._follow_up(move.action, result)):
                yield following

    async def _perform(self, action: Action) -> ActionResult:
        self._before = None
        match action:
            case RecordOptOut(words=words):
                return await self._actions.opt_out(self._brief, words)
            case BookSlot() | MoveAppointment():
                return await self._book(action)
            case CancelAppointment(appointment_id=known):
                return await self._actions.cancel(self._brief, known)
            case StopRecording():
                return await self._actions.stop_recording(self._brief)
            case PromiseCallback():
                # The report carries the promise, and it outlives every failure.
                return ActionResult.DONE

    async def _book(self, action: BookSlot | MoveAppointment) -> ActionResult:
        """Book under the name that is written down; a time that was taken has none."""
        appointment_id = self.state.appointment_id
        assert appointment_id is not None
        if isinstance(action, MoveAppointment):
            old = action.instead_of
            result = await self._actions.move(self._brief, action.slot, appointment_id, instead_of=old)
        else:
            result = await self._actions.book(self._brief, action.slot, appointment_id)
        if result is ActionResult.TAKEN:
            self.state = self.state.model_copy(update={"appointment_id": None})
        return result

    def _follow_up(self, action: Action, result: ActionResult) -> Move:
        scene = self._scene()
        return self._keep(
            after_action(self.state, action, result, brief=scene.brief, script=scene.script, now=scene.now)
        )

    def _keep(self, move: Move) -> Move:
        self.state = move.state
        return move

    async def _written(self, move: Move, *, unfinished: Action | None = None) -> Move:
        """The move, once where it leaves the call is written down."""
        await self._memory.keep(self.state, agent=move.agent, unfinished=unfinished)
        return move

    def _scene(self) -> Scene:
        return Scene(brief=self._brief, script=self._script, now=self._clock.now())
