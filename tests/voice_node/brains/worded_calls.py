"""Calls as text whose free lines a model words as in the node: the cache first, then the model, then the script."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.conversation import CallBrief, Move
from shared.conversation.phrasing import say
from shared.conversation.prompt import Prompt, prompt_for
from shared.conversation.prompt_window import Exchange
from shared.conversation.script import load_script
from shared.conversation.turn import open_call, take_turn
from tests.shared.conversation.dialogue import SUNDAY
from voice_node.brains.cached_wording import CachedWording
from voice_node.brains.recollection import Recollection

Model = Callable[[Prompt], str]


@dataclass
class Wordsmith:
    """Words moves with a model that is a function. ``asked`` are its requests."""

    model: Model
    cache: CachedWording
    asked: list[Prompt] = field(default_factory=list)
    recollection: Recollection = field(default_factory=Recollection)

    async def word(self, brief: CallBrief, move: Move, heard: str) -> list[str]:
        """What is said for a move."""
        script = load_script(brief.script)
        texts = say(move.lines, state=move.state, brief=brief, script=script)
        past = self.recollection.before(brief.attempt_id, move.state.turn)
        prompt = prompt_for(move, heard, brief=brief, script=script, past=past, is_shareable=True)
        said = list(texts)
        if prompt is not None and not move.ends_call:
            said[len(texts) - len(prompt.scripted) :] = await self._answer(prompt)
        self.recollection.note(brief.attempt_id, Exchange(turn=move.state.turn, heard=heard, said=" ".join(said)))
        return said

    async def hold(self, brief: CallBrief, *answers: str) -> list[str]:
        """What is said in a call in which the caller gives these answers."""
        script = load_script(brief.script)
        move = open_call(brief, script, SUNDAY)
        said = await self.word(brief, move, "")
        for heard in answers:
            if move.ends_call:
                break
            move = take_turn(move.state, heard, brief=brief, script=script, now=SUNDAY)
            said += await self.word(brief, move, heard)
        return said

    async def _answer(self, prompt: Prompt) -> tuple[str, ...]:
        found = await self.cache.find(prompt)
        if found is not None:
            return found
        self.asked.append(prompt)
        wording = prompt.wording()
        said = (*wording.take(self.model(prompt)), *wording.finish())
        if wording.kept is not None:
            await self.cache.keep(prompt, wording.kept)
        return said
