"""Answers in the form of a schema, asked for behind everything that is urgent."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol, TypeVar

from pydantic import BaseModel

from voice_node.brains.faults import TooLate
from voice_node.brains.questions import Purpose, Question

MOST_TOKENS = 400
Model = TypeVar("Model", bound=BaseModel)


class Background(Protocol):
    """What answers background questions. Implemented by ``pool.OllamaPool``."""

    async def structured(self, question: Question, kind: type[Model]) -> Model:
        """The answer as ``kind``.

        Raises:
            ModelFault: There is none.
        """
        ...


class PoolExtractor:
    """An ``Extractor`` over the pool: one purpose, and with it one model."""

    def __init__(self, models: Background, purpose: Purpose) -> None:
        self._models = models
        self._purpose = purpose

    async def extract(
        self, messages: Sequence[Mapping[str, str]], schema: type[Model], *, deadline: timedelta
    ) -> Model:
        """The answer, within ``deadline``.

        Raises:
            ModelFault: There is none in time, or none of that form.
        """
        question = Question(purpose=self._purpose, messages=tuple(messages), most_tokens=MOST_TOKENS)
        try:
            async with asyncio.timeout(deadline.total_seconds()):
                return await self._models.structured(question, schema)
        except TimeoutError:
            raise TooLate(f"no answer within {deadline.total_seconds():g} s") from None
