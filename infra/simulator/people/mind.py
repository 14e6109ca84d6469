"""What a person says next, from the words the caller has spoken and nothing else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from infra.simulator.people.persona import Persona

TOPICS = Path(__file__).with_name("topics.yaml")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "tomorrow")
HOURS = ("twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
OFFER = re.compile(rf"\b({'|'.join(DAYS)})\b[^.?!]*?\bat (\d{{1,2}}|{'|'.join(HOURS)})\b(?::?(\d\d)|[ -](thirty))?")


@cache
def topics() -> Mapping[str, tuple[str, ...]]:
    """Topic → phrases; a topic is meant when every word of one of its phrases was said. First match wins."""
    return {name: tuple(phrases) for name, phrases in yaml.safe_load(TOPICS.read_text(encoding="utf-8")).items()}


def words_of(text: str) -> str:
    """Lower case, letters and digits only, single spaces."""
    return " ".join(re.findall(r"[a-z0-9:']+", text.lower()))


def _is_meant(phrases: Sequence[str], said: str) -> bool:
    spaced = f" {said} "
    return any(all(f" {word} " in spaced for word in phrase.split()) for phrase in phrases)


@dataclass
class Mind:
    """One person during one call: what was answered already, and how often."""

    persona: Persona
    given: dict[str, int] = field(default_factory=dict)

    def answer(self, said: str) -> str | None:
        """What to say to ``said`` (everything the caller spoke since our last line); ``None`` to stay silent."""
        words = words_of(said)
        for number, rule in enumerate(self.persona.rules):
            if f"rule {number}" not in self.given and _is_meant(rule.when, words):
                self.given[f"rule {number}"] = 1
                return rule.say
        for topic, phrases in topics().items():
            if _is_meant(phrases, words) and topic in self.persona.answers:
                return _fill(self._next(topic), words)
        if "otherwise" in self.persona.answers:
            return self._next("otherwise")
        return None

    def _next(self, topic: str) -> str:
        """The topic's lines in turn; the last one is repeated."""
        said = self.persona.answers[topic]
        lines = (said,) if isinstance(said, str) else said
        count = self.given.get(topic, 0)
        self.given[topic] = count + 1
        return lines[min(count, len(lines) - 1)]


def _fill(line: str, said: str) -> str:
    """Put the offered times into ``{first}``, ``{second}`` and ``{last}``, in spoken words."""
    offers = [f"{day} at {_hour(hour)}{' thirty' if minute else ''}" for day, hour, minute in _offers(said)]
    if not offers:
        return line if "{" not in line else "yes that works for me"
    second = offers[1] if len(offers) > 1 else offers[0]
    return line.format(first=offers[0], second=second, last=offers[-1])


def _offers(said: str) -> list[tuple[str, str, bool]]:
    return [(m[1], m[2], m[3] == "30" or m[4] is not None) for m in OFFER.finditer(said)]


def _hour(text: str) -> str:
    return HOURS[int(text) % 12] if text.isdigit() else text
