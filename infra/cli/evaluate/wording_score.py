"""Labelled wordings beside what our guards and our understanding hear in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from infra.cli.evaluate.heard_turns import BRIEF
from infra.cli.evaluate.labelled_turns import json_lines, what_is_wrong
from infra.cli.rows import Row
from shared.conversation.guards import is_opt_out
from shared.conversation.state import ConversationState, Stage
from shared.conversation.topics import IDENTITY
from shared.conversation.understanding import Act
from shared.conversation.understanding.understand import understand

LEAST_HEARD = 0.99
MOST_FALSE = 0.005
OPT_OUT, ROBOT, ORDINARY = "opt_out", "robot_question", "ordinary"
_NOW = datetime(2026, 3, 10, 17, tzinfo=UTC)


class Wording(BaseModel):
    """What a caller says after a question, and what it is: ``after`` is that question's topic."""

    model_config = ConfigDict(frozen=True)

    expect: Literal["opt_out", "robot_question", "ordinary"]
    after: str | None
    text: str
    garbled: bool = False


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A wording with what was heard in it."""

    wording: Wording
    is_opt_out: bool
    acts: frozenset[Act]


@dataclass(frozen=True, kw_only=True)
class Misheard:
    """A wording that was missed, or taken for what it is not."""

    what: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What came of the files: the figures, the errors, and what acts were heard in ordinary answers."""

    rows: Sequence[Row]
    misheard: Sequence[Misheard]
    acts: Mapping[Act, Sequence[str]]


def judge_wordings(paths: Sequence[Path]) -> Judged:
    """Hear every wording of the files.

    Raises:
        NotFound: There is no such file.
        Malformed: A line is not of the form; the message names the line and the key.
    """
    wordings = [_read(line, number, path) for path in paths for number, line in json_lines(path)]
    heard = [_heard(wording) for wording in wordings]
    ordinary = [each for each in heard if each.wording.expect == ORDINARY]
    acts = {act: [each.wording.text for each in ordinary if act in each.acts] for act in Act}
    by_number = dict(sorted(acts.items(), key=lambda item: -len(item[1])))
    return Judged(
        rows=_rows(heard), misheard=_misheard(heard), acts={act: texts for act, texts in by_number.items() if texts}
    )


def _read(line: object, number: int, path: Path) -> Wording:
    try:
        return Wording.model_validate(line)
    except ValidationError as error:
        raise what_is_wrong(error, path, number) from error


def _heard(wording: Wording) -> Heard:
    stage = Stage.GREETING if wording.after in (None, IDENTITY) else Stage.QUALIFYING
    state = ConversationState(stage=stage, pending=wording.after or IDENTITY, human_turns=1)
    found = understand(wording.text, state=state, brief=BRIEF, now=_NOW)
    return Heard(wording=wording, is_opt_out=is_opt_out(wording.text), acts=found.acts)


def _rows(heard: Sequence[Heard]) -> list[Row]:
    asked = [each for each in heard if each.wording.expect == OPT_OUT]
    robots = [each for each in heard if each.wording.expect == ROBOT]
    ordinary = [each for each in heard if each.wording.expect == ORDINARY]
    garbled = [each for each in asked if each.wording.garbled]
    return [
        _at_least("opt-outs heard", sum(each.is_opt_out for each in asked), len(asked), LEAST_HEARD),
        _plain("of them garbled", sum(each.is_opt_out for each in garbled), len(garbled)),
        _at_most("ordinary answers taken for opt-outs", sum(each.is_opt_out for each in ordinary), len(ordinary)),
        _at_least("robot questions heard", sum(_asks_robot(each) for each in robots), len(robots), LEAST_HEARD),
        _plain(
            "ordinary answers taken for robot questions", sum(_asks_robot(each) for each in ordinary), len(ordinary)
        ),
    ]


def _asks_robot(each: Heard) -> bool:
    return Act.ROBOT_QUESTION in each.acts


def _misheard(heard: Sequence[Heard]) -> list[Misheard]:
    found = []
    for each in heard:
        kind, text = each.wording.expect, each.wording.text
        if (kind == OPT_OUT) != each.is_opt_out:
            found.append(Misheard(what="opt-out missed" if kind == OPT_OUT else f"{kind} taken for opt-out", text=text))
        if kind == ROBOT and not _asks_robot(each):
            found.append(Misheard(what="robot question missed", text=text))
        if kind == ORDINARY and _asks_robot(each):
            found.append(Misheard(what="ordinary taken for robot question", text=text))
    return found


def _at_least(name: str, count: int, of: int, bar: float) -> Row:
    value = 100 * count / of if of else 0.0
    return Row(
        name=f"{name}, of {of}", value=round(value, 2), unit="%, at least", bar=100 * bar, holds=value >= 100 * bar
    )


def _at_most(name: str, count: int, of: int) -> Row:
    value = 100 * count / of if of else 100.0
    bar = 100 * MOST_FALSE
    return Row(name=f"{name}, of {of}", value=round(value, 2), unit="%", bar=bar, holds=value <= bar)


def _plain(name: str, count: int, of: int) -> Row:
    return Row(name=f"{name}, of {of}", value=round(100 * count / of, 2) if of else 0.0, unit="%")
