"""What a person says next, from the words the caller has spoken and nothing else."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol

import yaml

from infra.simulator.people.persona import Rule

TOPICS = Path(__file__).with_name("topics.yaml")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "tomorrow")
HOURS = ("twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
OFFER = re.compile(rf"\b({'|'.join(DAYS)})\b[^.?!]*?\bat (\d{{1,2}}|{'|'.join(HOURS)})\b(?::?(\d\d)|[ -](thirty))?")
SENTENCE = re.compile(r"[^.?!]+[.?!]*")


@cache
def topics() -> Mapping[str, tuple[str, ...]]:
    """Topic → phrases; a topic is meant when every word of one of its phrases was said. First match wins."""
    return {name: tuple(phrases) for name, phrases in yaml.safe_load(TOPICS.read_text(encoding="utf-8")).items()}


def words_of(text: str) -> str:
    """Lower case, letters and digits only, single spaces."""
    return " ".join(re.findall(r"[a-z0-9:']+", text.lower()))


def is_meant(phrases: Sequence[str], said: str) -> bool:
    """Whether all words of one of the phrases were said."""
    spaced = f" {words_of(said)} "
    return any(all(f" {word} " in spaced for word in phrase.split()) for phrase in phrases)


class Manners(Protocol):
    """What decides how somebody answers. Implemented by ``Persona``, and by whoever plays a part written elsewhere."""

    @property
    def answers(self) -> Mapping[str, str | tuple[str, ...]]:
        """Topic → what they say, or several lines said in turn."""
        ...

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Reactions of their own, each used once, ahead of the topics."""
        ...

    @property
    def turns(self) -> Mapping[int, str]:
        """What they say at a turn of theirs, whatever was said; the greeting is turn 1."""
        ...

    @property
    def silent_turns(self) -> tuple[int, ...]:
        """The turns at which they say nothing."""
        ...

    @property
    def hangs_up_after(self) -> int | None:
        """After how many turns they hang up instead of answering."""
        ...


@dataclass
class Mind:
    """One person during one call: what was answered already, and how often.

    ``turn`` counts their turns, those at which they say nothing on purpose too; the greeting is the first.
    """

    persona: Manners
    given: dict[str, int] = field(default_factory=dict)
    turn: int = 1

    @property
    def has_had_enough(self) -> bool:
        """Whether they hang up now instead of answering."""
        return self.persona.hangs_up_after is not None and self.turn >= self.persona.hangs_up_after

    def next_turn(self, said: str, *, is_asked: bool) -> str | None:
        """What to say to ``said``, everything the caller spoke since our last line; ``None``: nothing.

        ``is_asked`` says that the caller waits for an answer: what was planned for this turn has its place then, and
        what is not understood is answered, too.
        """
        number = self.turn + 1
        if is_asked and number in self.persona.silent_turns:
            self.turn = number
            return None
        answer = self.persona.turns.get(number) if is_asked else None
        if answer is None:
            answer = self.answer(said) or (self.fallback() if is_asked else None)
        if answer is not None:
            self.turn = number
        return answer

    def answer(self, said: str) -> str | None:
        """What to say to ``said``, everything the caller spoke since our last line: the last thing counts first.

        ``None`` when nothing in it calls for an answer.
        """
        for sentence in _last_first(said):
            for number, rule in enumerate(self.persona.rules):
                if f"rule {number}" not in self.given and is_meant(rule.when, sentence):
                    self.given[f"rule {number}"] = 1
                    return rule.say
            for topic, phrases in topics().items():
                if topic in self.persona.answers and is_meant(phrases, sentence):
                    return _fill(self._next(topic), said.lower())
        return None

    def fallback(self) -> str | None:
        """What to say when nothing that was said is understood."""
        return self._next("otherwise") if "otherwise" in self.persona.answers else None

    def _next(self, topic: str) -> str:
        """The topic's lines in turn; the last one is repeated."""
        said = self.persona.answers[topic]
        lines = (said,) if isinstance(said, str) else said
        count = self.given.get(topic, 0)
        self.given[topic] = count + 1
        return lines[min(count, len(lines) - 1)]


def _last_first(said: str) -> Iterator[str]:
    sentences: list[str] = SENTENCE.findall(said)
    return reversed(sentences)


def _fill(line: str, said: str) -> str:
    """Put the offered times into ``{first}``, ``{second}`` and ``{last}``, in spoken words."""
    if "{" not in line:
        return line
    offers = [f"{m[1]} at {_hour(m[2])}{' thirty' if m[3] == '30' or m[4] else ''}" for m in OFFER.finditer(said)]
    if not offers:
        return "yes that works for me"
    return line.format(first=offers[0], second=offers[1 if len(offers) > 1 else 0], last=offers[-1])


def _hour(text: str) -> str:
    return HOURS[int(text) % 12] if text.isdigit() else text
