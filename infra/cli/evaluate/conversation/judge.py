"""Hold a played call against what its scenario expects."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.cli.evaluate.conversation.compliance import breaches
from infra.cli.evaluate.conversation.ending import Ended
from infra.cli.evaluate.conversation.scenario import Scenario
from infra.cli.evaluate.conversation.violations import plain, sentences

WALL = "%a %Y-%m-%d %H:%M"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One expectation that was not met: what it is about, and in words what is otherwise."""

    about: str
    text: str
    is_compliance: bool = False


@dataclass(frozen=True, kw_only=True)
class Checks:
    """How many expectations a call was held against, and which it failed."""

    compliance: int
    rest: int
    faults: tuple[Fault, ...]

    @property
    def broken_compliance(self) -> int:
        """How many expectations of the law were not met."""
        return len({fault.about for fault in self.faults if fault.is_compliance})

    @property
    def broken_rest(self) -> int:
        """How many of the others were not met."""
        return len({fault.about for fault in self.faults if not fault.is_compliance})


def judge(scenario: Scenario, ended: Ended) -> Checks:
    """Every expectation of the scenario, met or not."""
    found = [*_outcome(scenario, ended), *_words(scenario, ended)]
    faults = [Fault(about=about, text=text) for about, text in found if text is not None]
    for item in scenario.expected.compliance:
        faults += [Fault(about=item, text=text, is_compliance=True) for text in breaches(item, ended)]
    return Checks(compliance=len(scenario.expected.compliance), rest=len(found), faults=tuple(faults))


def _outcome(scenario: Scenario, ended: Ended) -> Iterator[tuple[str, str | None]]:
    """What it was held against and, where it is otherwise, how."""
    expected = scenario.expected
    right = (expected.disposition, *expected.or_else)
    wrong = f"ended as {ended.disposition}, not as {' or '.join(right)}"
    yield "disposition", None if ended.disposition in right else wrong
    if expected.appointment is not None:
        yield "appointment", _appointment(scenario, ended)
    if expected.callback is not None:
        yield "callback", _moment(scenario, "call back", expected.callback, ended.report.callback_at)
    known = {fact.field: fact.value for fact in ended.report.facts}
    for name, value in expected.facts.items():
        is_so = name in known and is_same(value, known[name])
        yield f"fact {name}", None if is_so else f"{name} is {known.get(name, 'not known')!r}, not {value!r}"


def _words(scenario: Scenario, ended: Ended) -> Iterator[tuple[str, str | None]]:
    expected, said = scenario.expected, [each for line in ended.agent_words for each in sentences(line)]
    for phrase in expected.says:
        yield f"says {phrase}", None if any(has_words(phrase, each) for each in said) else f"never says {phrase!r}"
    for phrase in expected.never_says:
        found = next((each for each in said if f" {plain(phrase)} " in f" {plain(each)} "), None)
        yield f"never says {phrase}", None if found is None else f"says {phrase!r}: {found!r}"
    is_short = ended.turns <= expected.most_turns and not ended.is_endless
    yield "most_turns", None if is_short else f"took {ended.turns} turns of the person, not {expected.most_turns}"


def has_words(phrase: str, sentence: str) -> bool:
    """Whether all words of the phrase are in the sentence."""
    words = plain(sentence).split()
    return all(word in words for word in plain(phrase).split())


def is_same(expected: Any, known: Any) -> bool:
    """Whether a fact has the expected value; of a value with parts, those that are named, or any for a bare one."""
    if isinstance(known, Mapping):
        if isinstance(expected, Mapping):
            return all(name in known and is_same(value, known[name]) for name, value in expected.items())
        return any(is_same(expected, part) for part in known.values())
    if isinstance(expected, str) and isinstance(known, str):
        return plain(expected) == plain(known)
    return bool(expected == known)


def _appointment(scenario: Scenario, ended: Ended) -> str | None:
    told = ended.report.appointment
    reported = told.starts_at if told is not None and told.is_booked else None
    if reported is not None and ended.appointment != reported:
        return "the report tells of an appointment that is not in the calendar"
    expected = scenario.expected.appointment
    if expected == "none":
        return None if ended.appointment is None else f"an appointment stands: {_wall(scenario, ended.appointment)}"
    assert expected is not None
    return _moment(scenario, "appointment", expected, ended.appointment)


def _moment(scenario: Scenario, what: str, expected: datetime | str, found: datetime | None) -> str | None:
    if found is None:
        return f"no {what}"
    if isinstance(expected, str) or found == scenario.on_clock(expected):
        return None
    return f"the {what} is on {_wall(scenario, found)}, not on {scenario.on_clock(expected):{WALL}}"


def _wall(scenario: Scenario, at: datetime) -> str:
    return f"{at.astimezone(scenario.clock_zone):{WALL}}"
