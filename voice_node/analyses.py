"""Calls that are over, analysed: by rules at once, and in a model's words where there is one that is free."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from shared.conversation.after.analyse import analysed, in_words_of, words_of
from shared.conversation.after.analysis import AnalysisOrder, CallAnalysis
from shared.conversation.after.evidence import Findings
from shared.conversation.after.findings_prompt import findings_messages
from shared.conversation.after.ports import AnalysisWriter
from shared.conversation.after.summary import Draft, summary_messages
from shared.kernel.clock import Clock
from shared.kernel.errors import Malformed, Unavailable
from shared.kernel.outbox import OutboxMessage
from voice_node.agents.analyst import Extractor

log = logging.getLogger(__name__)
DEADLINE = timedelta(seconds=20)
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Analyses:
    """The errand ``analyse``. Without a model, or while it does not answer, the rules have the only word.

    ``summariser`` and ``extractor`` are one model or two; ``model`` is the name under which their words are kept.
    """

    kept: AnalysisWriter
    clock: Clock
    summariser: Extractor | None = None
    extractor: Extractor | None = None
    model: str = ""

    async def __call__(self, message: OutboxMessage) -> None:
        """Analyse the call of an order, and keep what was found.

        Raises:
            Malformed: The order cannot be read.
            NotFound: There is no such script, or no such call, any more.
            Unavailable: It cannot be kept now.
        """
        try:
            order = AnalysisOrder.model_validate(message.body)
        except ValidationError as error:
            raise Malformed("an order to analyse cannot be read") from error
        analysis = await asyncio.to_thread(analysed, order, now=self.clock.now())
        if not order.report.off_the_record:
            analysis = await self._in_words(analysis, order)
        await asyncio.to_thread(self.kept.add, analysis)
        log.info("Call analysed", extra={"attempt": analysis.attempt_id, "by": analysis.by})

    async def _in_words(self, analysis: CallAnalysis, order: AnalysisOrder) -> CallAnalysis:
        looked_for = findings_messages(words_of(order), order.spoken_script())
        draft = await _asked(self.summariser, summary_messages(order), Draft)
        found = await _asked(self.extractor, looked_for, Findings)
        return in_words_of(analysis, order, model=self.model, draft=draft, findings=found)


async def _asked(model: Extractor | None, messages: Sequence[Mapping[str, str]], schema: type[Model]) -> Model | None:
    if model is None:
        return None
    try:
        return await model.extract(messages, schema, deadline=DEADLINE)
    except Unavailable:
        return None
