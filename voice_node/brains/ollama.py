"""A language model of an Ollama server, which words what may be worded and nothing else."""

import asyncio
import logging
from collections.abc import AsyncGenerator

from shared.conversation import CallBrief, Move
from shared.conversation.phrasing import say
from shared.conversation.prompt import WINDOW, Prompt, prompt_for
from shared.conversation.prompt_window import Exchange, Window
from shared.conversation.script import Script, script_of
from shared.conversation.wording import Wording
from shared.metrics import Metric, count
from voice_node.brains.cached_wording import CachedWording
from voice_node.brains.faults import ModelFault
from voice_node.brains.questions import Purpose, Question, Replies
from voice_node.brains.recollection import Recollection

log = logging.getLogger(__name__)

TEMPERATURE, MOST_TOKENS = 0.4, 90


class OllamaModel:
    """Words the free lines at the end of a move; the exact ones before them are spoken meanwhile.

    Each sentence is spoken as soon as it is whole. Where one claims more than code gave it, or there is no answer, not
    in time, or no more of it, the script goes on in the same turn.

    Args:
        models: What answers.
        cache: What was worded before; without it every line is asked for.
        window: How much a model may be told.
    """

    def __init__(self, models: Replies, *, cache: CachedWording | None = None, window: Window = WINDOW) -> None:
        self._models = models
        self._cache = cache
        self._window = window
        self._recollection = Recollection()

    async def word(self, brief: CallBrief, move: Move, heard: str) -> AsyncGenerator[str]:
        """The move's lines, in order."""
        said: list[str] = []
        words = self._words(brief, move, heard)
        try:
            async for text in words:
                said.append(text)
                yield text
        finally:
            await words.aclose()
            self._remember(brief, move, Exchange(turn=move.state.turn, heard=heard, said=" ".join(said)))

    async def _words(self, brief: CallBrief, move: Move, heard: str) -> AsyncGenerator[str]:
        script = script_of(brief)
        texts = say(move.lines, state=move.state, brief=brief, script=script)
        prompt = None if move.ends_call else self._prompt(brief, move, heard, script)
        if prompt is None:
            for text in texts:
                yield text
            return
        speech = Speech(prompt.wording())
        asking = asyncio.create_task(self._ask(prompt, speech))
        try:
            for text in texts[: len(texts) - len(prompt.scripted)]:
                yield text
            while (sentence := await speech.sentences.get()) is not None:
                yield sentence
            await asking
        finally:
            asking.cancel()

    def _prompt(self, brief: CallBrief, move: Move, heard: str, script: Script) -> Prompt | None:
        return prompt_for(
            move,
            heard,
            brief=brief,
            script=script,
            past=self._recollection.before(brief.attempt_id, move.state.turn),
            window=self._window,
            is_shareable=self._cache is not None,
        )

    def _remember(self, brief: CallBrief, move: Move, exchange: Exchange) -> None:
        if move.ends_call:
            self._recollection.forget(brief.attempt_id)
        else:
            self._recollection.note(brief.attempt_id, exchange)

    async def _ask(self, prompt: Prompt, speech: "Speech") -> None:
        try:
            kept = await self._cache.find(prompt) if self._cache is not None else None
            if kept is not None:
                speech.say(kept)
                return
            await self._answer(prompt, speech)
            if self._cache is not None and speech.kept is not None:
                await self._cache.keep(prompt, speech.kept)
        finally:
            speech.sentences.put_nowait(None)

    async def _answer(self, prompt: Prompt, speech: "Speech") -> None:
        question = Question(
            purpose=Purpose.REPLY,
            messages=tuple(prompt.messages()),
            temperature=TEMPERATURE,
            most_tokens=MOST_TOKENS,
        )
        try:
            await self._models.reply(question, speech)
        except ModelFault as fault:
            count(Metric.MODEL_SHEDS, reason=fault.reason)
            log.warning("The script goes on for the language model", extra={"reason": fault.reason})
            speech.give_up()
        else:
            speech.finish()


class Speech:
    """A model's answer on its way to the caller: ``sentences`` to speak, and ``None`` behind the last."""

    def __init__(self, wording: Wording) -> None:
        self.sentences: asyncio.Queue[str | None] = asyncio.Queue()
        self._wording = wording

    @property
    def has_enough(self) -> bool:
        """Whether everything was said, or what the model writes may not be spoken."""
        return self._wording.is_over

    @property
    def kept(self) -> str | None:
        """The model's words, if every one of them was spoken."""
        return self._wording.kept

    def take(self, piece: str) -> bool:
        """The model wrote on; ``True`` when there is more to speak."""
        return self.say(self._wording.take(piece))

    def finish(self) -> None:
        """The model wrote its last."""
        self.say(self._wording.finish())

    def give_up(self) -> None:
        """The model will write no more: the script has the rest."""
        self.say(self._wording.give_up())

    def say(self, sentences: tuple[str, ...]) -> bool:
        """Have sentences spoken; ``True`` when there are any."""
        for sentence in sentences:
            self.sentences.put_nowait(sentence)
        return bool(sentences)
