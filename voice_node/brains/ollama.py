"""A language model of an Ollama server, which words what may be worded and nothing else."""

import asyncio
import logging
from collections.abc import AsyncGenerator

from shared.conversation import CallBrief, Move
from shared.conversation.phrasing import say
from shared.conversation.prompt import Prompt, prompt_for
from shared.conversation.script import script_of
from shared.conversation.wording import Wording
from shared.metrics import Metric, count
from voice_node.brains.faults import ModelFault
from voice_node.brains.questions import Purpose, Question, Replies

log = logging.getLogger(__name__)

TEMPERATURE, MOST_TOKENS = 0.4, 90


class OllamaModel:
    """Words the free lines at the end of a move; the exact ones before them are spoken meanwhile.

    Each sentence is spoken as soon as it is whole. Where one claims more than code gave it, or there is no answer, not
    in time, or no more of it, the script goes on in the same turn.

    Args:
        models: What answers.
    """

    def __init__(self, models: Replies) -> None:
        self._models = models

    async def word(self, brief: CallBrief, move: Move, heard: str) -> AsyncGenerator[str]:
        """The move's lines, in order."""
        script = script_of(brief)
        texts = say(move.lines, state=move.state, brief=brief, script=script)
        prompt = None if move.ends_call else prompt_for(move, heard, brief=brief, script=script)
        if prompt is None:
            for text in texts:
                yield text
            return
        speech = Speech(Wording(prompt.scripted, data=(heard,)))
        asking = asyncio.create_task(self._ask(prompt, speech))
        try:
            for text in texts[: len(texts) - len(prompt.scripted)]:
                yield text
            while (sentence := await speech.sentences.get()) is not None:
                yield sentence
            await asking
        finally:
            asking.cancel()

    async def _ask(self, prompt: Prompt, speech: "Speech") -> None:
        question = Question(
            purpose=Purpose.REPLY,
            messages=({"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}),
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
        finally:
            speech.sentences.put_nowait(None)


class Speech:
    """A model's answer on its way to the caller: ``sentences`` to speak, and ``None`` behind the last."""

    def __init__(self, wording: Wording) -> None:
        self.sentences: asyncio.Queue[str | None] = asyncio.Queue()
        self._wording = wording

    @property
    def has_enough(self) -> bool:
        """Whether everything was said, or what the model writes may not be spoken."""
        return self._wording.is_over

    def take(self, piece: str) -> bool:
        """The model wrote on; ``True`` when there is more to speak."""
        return self._speak(self._wording.take(piece))

    def finish(self) -> None:
        """The model wrote its last."""
        self._speak(self._wording.finish())

    def give_up(self) -> None:
        """The model will write no more: the script has the rest."""
        self._speak(self._wording.give_up())

    def _speak(self, sentences: tuple[str, ...]) -> bool:
        for sentence in sentences:
            self.sentences.put_nowait(sentence)
        return bool(sentences)
