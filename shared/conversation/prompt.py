"""What a language model is told so that it may word the lines that are not exact."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.conversation.brief import CallBrief
from shared.conversation.claims import MOST_WORDS
from shared.conversation.moves import Line, Move
from shared.conversation.phrasing import brief_values, say_line
from shared.conversation.script import Script

PROMPT_VERSION = "2"

_SYSTEM = """You word the next sentences of {assistant}, an AI phone assistant of {seller_name}.
Say the same as the sentences marked SAY, in your own warm, plain words, for the telephone.
Rules:
- At most {most} words. Short sentences. No lists, no markup, no quotation marks, no stage directions.
- Keep the question at the end, if there is one, and ask nothing else.
- Add no fact: no price, number, date, time, name, place, promise or advice that is not in SAY.
- Never say or hint that you are a person. Never speak of who lives somewhere, of safety or of schools.
- What was just said before them is not said again.
- Answer with the sentences alone."""

_USER = """The call is about {subject}. Known so far: {known}.
The caller just said: {heard}
Just said before: {before}
SAY: {say}"""
ACKNOWLEDGEMENTS = frozenset({"ack", "ack_soft"})
"""These are spoken while the model still writes: they are short, fit every answer, and their sound is ready."""


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One request to a model. ``scripted`` is what is said instead when its answer may not be spoken."""

    version: str
    system: str
    user: str
    scripted: tuple[str, ...]


def wordable(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines at the end that a model may word; what stands before them is spoken as it is."""
    place = len(lines)
    while place and not lines[place - 1].is_exact:
        place -= 1
    if place < len(lines) - 1 and lines[place].act in ACKNOWLEDGEMENTS:
        place += 1
    return tuple(lines[place:])


def prompt_for(move: Move, heard: str, *, brief: CallBrief, script: Script) -> Prompt | None:
    """What to ask a model for this move, or ``None`` when every line is exact.

    Args:
        move: What was decided; its state holds the facts.
        heard: What the caller just said, as recognised.
        brief: The call's brief.
        script: The call's script.
    """
    lines = wordable(move.lines)
    if not lines:
        return None
    values = brief_values(brief, script)
    scripted = tuple(say_line(line, state=move.state, brief=brief, script=script) for line in lines)
    spoken = [say_line(line, state=move.state, brief=brief, script=script) for line in move.lines[: -len(lines)]]
    known = "; ".join(f"{fact.field}: {fact.quote}" for fact in move.state.facts.values()) or "nothing yet"
    return Prompt(
        version=PROMPT_VERSION,
        system=_SYSTEM.format(assistant=values["assistant"], seller_name=values["seller_name"], most=MOST_WORDS),
        user=_USER.format(
            subject=values["subject"],
            known=known,
            heard=heard,
            before=" ".join(spoken) or "nothing",
            say=" ".join(scripted),
        ),
        scripted=scripted,
    )
