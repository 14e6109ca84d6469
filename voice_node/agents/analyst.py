"""The analyst: listens behind the speech and refines what is known before the next turn; nobody ever waits for it."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol, TypeVar

from pydantic import BaseModel

from shared.conversation import CallBrief, ConversationState, Fact
from shared.conversation.after.evidence import Findings, accepted
from shared.conversation.after.findings_prompt import findings_messages
from shared.conversation.after.mood import running
from shared.conversation.script import script_of
from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable

log = logging.getLogger(__name__)
DEADLINE = timedelta(seconds=8)
Model = TypeVar("Model", bound=BaseModel)


class Extractor(Protocol):
    """A language model that answers in the form of a schema, behind everything that is urgent."""

    async def extract(
        self, messages: Sequence[Mapping[str, str]], schema: type[Model], *, deadline: timedelta
    ) -> Model:
        """The answer.

        Raises:
            Unavailable: There is none in time, or none of that form.
        """
        ...


class Listener(Protocol):
    """What listens along with a conversation."""

    def listen(self, text: str, state: ConversationState) -> None:
        """A turn of the caller was answered, and this is where the call stands; returns at once."""
        ...

    def learned(self, state: ConversationState) -> ConversationState:
        """The state with what was found meanwhile; the very same where nothing was."""
        ...


class Deaf:
    """Listens to nothing."""

    def listen(self, text: str, state: ConversationState) -> None:
        """Nothing is noted."""

    def learned(self, state: ConversationState) -> ConversationState:
        """Nothing was found."""
        return state


@dataclass(kw_only=True)
class Analyst:
    """Keeps the caller's mood by their words, and has a model look for facts that were overheard, if there is one.

    One look at a time: turns that come meanwhile are looked at together, with the next one. Nothing goes to the model
    of somebody who does not want to be recorded.
    """

    brief: CallBrief
    clock: Clock
    extractor: Extractor | None = None
    _said: dict[int, str] = field(default_factory=dict)
    _mood: float | None = None
    _found: dict[str, Fact] = field(default_factory=dict)
    _look: asyncio.Task[None] | None = None

    def listen(self, text: str, state: ConversationState) -> None:
        """Note a turn, and have it looked at."""
        self._mood = running(state.mood, text)
        if state.off_the_record or not text.strip():
            return
        self._said[state.turn] = text
        is_looking = self._look is not None and not self._look.done()
        if self.extractor is not None and not is_looking:
            self._look = asyncio.create_task(self._look_for_facts(self.extractor, state))

    def learned(self, state: ConversationState) -> ConversationState:
        """The state with mood and facts; what was plainly understood in the meantime stands."""
        script, found = script_of(self.brief), self._found
        self._found = {}
        news = {
            name: fact
            for name, fact in found.items()
            if name != state.pending and script.question(name) is not None and _is_news(fact, state.facts.get(name))
        }
        mood = state.mood if self._mood is None else self._mood
        if not news and mood == state.mood:
            return state
        return state.model_copy(update={"mood": mood, "facts": {**state.facts, **news}})

    async def _look_for_facts(self, extractor: Extractor, state: ConversationState) -> None:
        said, script = dict(self._said), script_of(self.brief)
        try:
            findings = await extractor.extract(findings_messages(said, script), Findings, deadline=DEADLINE)
        except Unavailable:
            log.info("No facts were looked for", extra={"attempt": self.brief.attempt_id})
            return
        self._found |= accepted(
            findings.facts, said=said, state=state, brief=self.brief, script=script, now=self.clock.now()
        )


def _is_news(fact: Fact, known: Fact | None) -> bool:
    return known is None or known.confidence < fact.confidence
