"""What a language model is told behind a call: to write down what was told, and to sum it up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.conversation.brief import CallBrief
from shared.conversation.phrasing import brief_values
from shared.conversation.prompt_templates import PromptTemplate, Purpose, newest
from shared.conversation.prompt_window import Window, fact_lines
from shared.conversation.report import SpokenTurn
from shared.conversation.script import Script
from shared.conversation.state import Fact
from shared.conversation.tokens import PER_MESSAGE, clipped, tokens

TASK_WINDOW = Window(most_tokens=4_096, answer_tokens=600)
SUMMARY_WORDS = 80
_TURN_SIZES = (200, 96, 48, 24, 12)
_SLACK = 16
_LEFT_OUT = "…"


@dataclass(frozen=True, kw_only=True)
class TaskPrompt:
    """A request to a model that nobody waits for on the line."""

    version: str
    system: str
    user: str

    def messages(self) -> list[dict[str, str]]:
        """The chat to send: ``role`` and ``content``."""
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]

    @property
    def size(self) -> int:
        """Its tokens, at most."""
        return sum(tokens(message["content"]) + PER_MESSAGE for message in self.messages())


def extraction_prompt(
    turns: Sequence[SpokenTurn],
    *,
    fields: Mapping[str, str],
    brief: CallBrief,
    script: Script,
    window: Window = TASK_WINDOW,
) -> TaskPrompt:
    """Ask for ``fields``, each by what it means, with the turns and words that prove them."""
    listed = "\n".join(f"- {name}: {meaning}" for name, meaning in fields.items())
    values = {**_values(brief, script), "fields": listed, "known": ""}
    return _within(newest(Purpose.EXTRACTION), values, turns, window)


def summary_prompt(
    turns: Sequence[SpokenTurn],
    *,
    facts: Iterable[Fact],
    ending: str,
    brief: CallBrief,
    script: Script,
    window: Window = TASK_WINDOW,
) -> TaskPrompt:
    """Ask for a call in a few sentences; ``ending`` is how it ended, in words."""
    known = fact_lines(facts, room=window.room // 4) or "none"
    return _within(newest(Purpose.SUMMARY), {**_values(brief, script), "known": known, "ending": ending}, turns, window)


def transcript(turns: Sequence[SpokenTurn], *, room: int) -> str:
    """The turns, numbered, within so many tokens: long ones lose their middle, then the call its own."""
    lines: list[str] = []
    for most in _TURN_SIZES:
        lines = [f"{turn.number} {turn.speaker}: {clipped(turn.text, most)}" for turn in turns]
        if sum(tokens(line) + 1 for line in lines) <= room:
            return "\n".join(lines)
    first, last = _fitting(lines, room // 3), _fitting(lines[::-1], room - room // 3 - 4)
    return "\n".join((*lines[:first], _LEFT_OUT, *lines[len(lines) - last :]))


def _fitting(lines: Sequence[str], room: int) -> int:
    """How many of the lines fit."""
    for count, line in enumerate(lines):
        room -= tokens(line) + 1
        if room < 0:
            return count
    return len(lines)


def _within(
    template: PromptTemplate, values: Mapping[str, str], turns: Sequence[SpokenTurn], window: Window
) -> TaskPrompt:
    system, user = template.worded({**values, "turns": ""})
    room = window.room - TaskPrompt(version="", system=system, user=user).size - _SLACK
    system, user = template.worded({**values, "turns": transcript(turns, room=room)})
    return TaskPrompt(version=template.label, system=system, user=user)


def _values(brief: CallBrief, script: Script) -> dict[str, str]:
    values = brief_values(brief, script)
    named = {name: values[name] for name in ("assistant", "seller_name", "subject", "what")}
    return {**named, "topic": script.subject, "most_words": str(SUMMARY_WORDS)}
