"""Facts that a model proposes: believed where the person said those very words, and where nothing plainer is known.

The model points at words. What they mean is read by code where code can read it, and nothing that would end a call or
send it elsewhere is ever believed on a model's word.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.conversation.brief import CallBrief
from shared.conversation.script import Script
from shared.conversation.script_answers import with_own_answers
from shared.conversation.state import ConversationState, Fact
from shared.conversation.topics import changed
from shared.conversation.understanding.normal import plain
from shared.conversation.understanding.phrases import field_finders
from shared.conversation.understanding.understand import understand

PLAINLY = 0.7
"""From this confidence on a fact was plainly understood, and stands."""
BELIEVED = 0.6
MOST_PROPOSED = 12
_ENDS_CALLS = {"agent_status": frozenset({"signed_agreement", "listed", "unclear"})}
_LEAST_LETTERS = 3


class ProposedFact(BaseModel):
    """A fact as a model writes it, with the words it was read from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    value: str
    quote: str


class Findings(BaseModel):
    """What a model found; its JSON schema is what it is asked to answer in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    facts: tuple[ProposedFact, ...] = Field(default=(), max_length=MOST_PROPOSED)


def accepted(
    proposed: Sequence[ProposedFact],
    *,
    said: Mapping[int, str],
    state: ConversationState,
    brief: CallBrief,
    script: Script,
    now: datetime,
) -> dict[str, Fact]:
    """The facts that are believed, by field.

    Args:
        proposed: What a model found.
        said: What the caller said, by turn; only words that are in there count.
        state: What is known by now.
        brief: The call's brief.
        script: The call's script; only what it asks for is taken.
        now: The present moment, aware.
    """
    believed: dict[str, Fact] = {}
    for each in proposed:
        turn = spoken_in(each.quote, said)
        if turn is None or not _is_wanted(each.field, state, script):
            continue
        value = _value(each, state, brief=brief, script=script, now=now)
        if value is None or _ends_call(each.field, value, script):
            continue
        believed[each.field] = Fact(field=each.field, value=value, turn=turn, quote=each.quote, confidence=BELIEVED)
    return believed


def spoken_in(quote: str, said: Mapping[int, str]) -> int | None:
    """The last turn that has these very words, ``None`` when none has."""
    words = plain(quote)
    if len(words) < _LEAST_LETTERS:
        return None
    return max((turn for turn, text in said.items() if f" {words} " in f" {plain(text)} "), default=None)


def _is_wanted(field: str, state: ConversationState, script: Script) -> bool:
    """Whether the script asks for it, it does not wait for its answer right now, and nothing plainer is known."""
    if script.question(field) is None or field == state.pending:
        return False
    known = state.facts.get(field)
    return known is None or known.confidence < PLAINLY


def values_of(field: str, script: Script) -> tuple[str, ...]:
    """Every value that the field may have, where it has values of its own."""
    question = script.question(field)
    own = () if question is None else (*question.answers, question.on_yes, question.on_no)
    return tuple(dict.fromkeys((*field_finders().get(field, ()), *(each for each in own if each is not None))))


def _value(proposed: ProposedFact, state: ConversationState, *, brief: CallBrief, script: Script, now: datetime) -> Any:
    """What the quoted words say: as code reads them, or one of the field's own values, as the model does."""
    asked = changed(state, pending=proposed.field)
    understood = understand(proposed.quote, state=asked, brief=brief, now=now)
    told = with_own_answers(understood, script, pending=proposed.field).told.get(proposed.field)
    if told is not None and told.confidence >= PLAINLY:
        return told.value
    if proposed.value not in values_of(proposed.field, script):
        return None
    if proposed.field == "motivation":
        return {"text": plain(proposed.quote), "strength": int(proposed.value)}
    return int(proposed.value) if proposed.field == "condition" else proposed.value


def _ends_call(field: str, value: Any, script: Script) -> bool:
    if value in _ENDS_CALLS.get(field, ()) or str(value) in script.disqualified.get(field, {}):
        return True
    return field == "timeline" and value in script.nurture_timelines
