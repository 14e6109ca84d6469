"""What a language model is told so that it may word the lines that are not exact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.conversation.brief import CallBrief
from shared.conversation.claims import MOST_WORDS
from shared.conversation.impersonal import WordingKey, impersonal, is_ordinary
from shared.conversation.moves import Line, Move
from shared.conversation.phrasing import brief_values, say_line
from shared.conversation.prompt_templates import PromptTemplate, reply_template
from shared.conversation.prompt_window import (
    MOST_HEARD,
    MOST_PAST,
    MOST_SAID,
    Exchange,
    Window,
    fact_lines,
    in_short,
    last_turns,
)
from shared.conversation.script import Script
from shared.conversation.state import ConversationState
from shared.conversation.tokens import PER_MESSAGE, clipped, tokens
from shared.conversation.wording import Wording

WINDOW = Window()
ACKNOWLEDGEMENTS = frozenset({"ack", "ack_soft"})
"""These are spoken while the model still writes: they are short, fit every answer, and their sound is ready."""
MOST_NAME, MOST_SUBJECT = 48, 64
_NOTHING = "nothing yet"
_SLACK = 16


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One request to a model. ``scripted`` is what is said instead when its answer may not be spoken.

    ``past`` are the last turns as they were. ``data`` is what an answer may take numbers, days and names from; ``asks``
    are other ways to put the question at the end. One with a ``key`` holds nothing of the person: its answer may be
    kept and said to others. ``places`` is then what the names in curly brackets stand for, ``bare`` the script's lines
    with these names.
    """

    version: str
    system: str
    user: str
    scripted: tuple[str, ...]
    past: tuple[Exchange, ...] = ()
    data: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    bare: str = ""
    key: WordingKey | None = None

    def messages(self) -> list[dict[str, str]]:
        """The chat to send: ``role`` and ``content``."""
        told = [{"role": "system", "content": self.system}]
        for exchange in self.past:
            told.append({"role": "user", "content": exchange.heard})
            told.append({"role": "assistant", "content": exchange.said})
        return [*told, {"role": "user", "content": self.user}]

    def wording(self) -> Wording:
        """What judges the answer."""
        return Wording(self.scripted, data=self.data, asks=self.asks, places=self.places)

    @property
    def size(self) -> int:
        """Its tokens, at most."""
        return sum(tokens(message["content"]) + PER_MESSAGE for message in self.messages())


def wordable(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines at the end that a model may word; what stands before them is spoken as it is."""
    place = len(lines)
    while place and not lines[place - 1].is_exact:
        place -= 1
    if place < len(lines) - 1 and lines[place].act in ACKNOWLEDGEMENTS:
        place += 1
    return tuple(lines[place:])


def prompt_for(
    move: Move,
    heard: str,
    *,
    brief: CallBrief,
    script: Script,
    past: Sequence[Exchange] = (),
    window: Window = WINDOW,
    is_shareable: bool = False,
) -> Prompt | None:
    """What to ask a model for this move, or ``None`` when every line is exact or the script's lines fill the window.

    Args:
        move: What was decided; its state holds the facts.
        heard: What the caller just said, as recognised.
        brief: The call's brief; it names the version of the prompt.
        script: The call's script.
        past: The turns before this one, oldest first, as many as are remembered.
        window: How much the model may be told.
        is_shareable: Whether an ordinary turn is to be worded without anything of the person, so that the answer may
            be kept for others.
    """
    lines = wordable(move.lines)
    if not lines:
        return None
    template = reply_template(brief.prompt)
    scripted = tuple(say_line(line, state=move.state, brief=brief, script=script) for line in lines)
    if is_shareable and is_ordinary(move, lines):
        bare = impersonal(move, lines, heard, brief=brief, script=script, template=template)
        system, user = template.worded({**bare.values, "most_words": str(MOST_WORDS)})
        prompt = Prompt(version=template.label, system=system, user=user, scripted=scripted, places=bare.places)
        prompt = replace(prompt, bare=bare.values["say"], key=bare.key)
    else:
        before = move.lines[: -len(lines)]
        spoken = " ".join(say_line(line, state=move.state, brief=brief, script=script) for line in before)
        values = _values(heard, spoken, scripted, brief=brief, script=script)
        prompt = _personal(template, values, move.state, scripted, past=past, window=window)
        prompt = replace(prompt, data=(heard, *(fact.quote for fact in move.state.facts.values())))
    prompt = replace(prompt, asks=_other_ways(lines[-1].act, script))
    return prompt if prompt.size <= window.room else None


def _other_ways(act: str, script: Script) -> tuple[str, ...]:
    """Every way in which the script puts the question of a line."""
    _, _, topic = act.partition(".")
    if not topic:
        return script.variants.get(act, ())
    return (*script.variants.get(f"ask.{topic}", ()), *script.variants.get(f"clarify.{topic}", ()))


def _values(
    heard: str, spoken: str, scripted: tuple[str, ...], *, brief: CallBrief, script: Script
) -> Mapping[str, str]:
    """The template's values, each no longer than it may be; what depends on the window is added later."""
    values = brief_values(brief, script)
    return {
        "assistant": values["assistant"],
        "seller_name": clipped(values["seller_name"], MOST_NAME),
        "what": script.what,
        "topic": script.subject,
        "most_words": str(MOST_WORDS),
        "subject": clipped(values["subject"], MOST_SUBJECT),
        "first_name": clipped(values["first_name"], MOST_NAME),
        "heard": clipped(heard, MOST_HEARD),
        "before": clipped(spoken, MOST_SAID) or "nothing",
        "say": " ".join(scripted),
    }


def _personal(
    template: PromptTemplate,
    values: Mapping[str, str],
    state: ConversationState,
    scripted: tuple[str, ...],
    *,
    past: Sequence[Exchange],
    window: Window,
) -> Prompt:
    """The prompt with the facts, and with as much of the past as there is room for, if the template tells of it."""
    system, user = template.worded({**values, "known": "", "past": ""})
    bare = Prompt(version=template.label, system=system, user=user, scripted=scripted)
    room = window.room - bare.size - _SLACK
    known = fact_lines(state.facts.values(), room=room) or _NOTHING
    room -= tokens(known)
    kept: tuple[Exchange, ...] = ()
    short = _NOTHING
    if "past" in template.named:
        kept = last_turns(past, room=room - MOST_PAST)
        room -= sum(exchange.size for exchange in kept)
        short = in_short(state, past[: len(past) - len(kept)], room=room) or _NOTHING
    system, user = template.worded({**values, "known": known, "past": short})
    return replace(bare, system=system, user=user, past=kept)
