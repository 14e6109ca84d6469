"""Labelled turns of dialogues about homes: one JSON object a line, in the flattened form of Schema-Guided Dialogue."""

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from shared.kernel.errors import Malformed, NotFound


class LabelledAct(BaseModel):
    """What one side does in its turn. ``value`` is canonical: a date is ``2019-03-04``, a count ``3``."""

    model_config = ConfigDict(frozen=True)

    act: str
    slot: str | None
    value: str | None


class LabelledTurn(BaseModel):
    """What the system said, what the person answered, and what both meant by it."""

    model_config = ConfigDict(frozen=True)

    dialogue: str
    turn: int
    system_utterance: str | None
    system_acts: tuple[LabelledAct, ...]
    user_utterance: str
    user_acts: tuple[LabelledAct, ...]

    def informed(self, slot: str) -> str | None:
        """The value that the person gives for ``slot``, if they give one."""
        return next((act.value for act in self.user_acts if act.act == "INFORM" and act.slot == slot), None)


_LINE = TypeAdapter(LabelledTurn)


def labelled_turns(path: Path) -> list[LabelledTurn]:
    """Every turn of the file.

    Raises:
        NotFound: There is no such file.
        Malformed: A line is not of the form; the message names the line and the key.
    """
    return [_read(line, number, path) for number, line in json_lines(path)]


def json_lines(path: Path) -> Iterator[tuple[int, object]]:
    """The objects of a file of JSON lines, with their numbers; empty lines are passed over.

    Raises:
        NotFound: There is no such file.
        Malformed: A line is no JSON, or the file holds nothing.
    """
    if not path.is_file():
        raise NotFound(f"there is no file {path}")
    is_empty = True
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        is_empty = False
        try:
            yield number, json.loads(line)
        except json.JSONDecodeError as error:
            raise Malformed(f"{path}, line {number}: no JSON: {error.msg}") from error
    if is_empty:
        raise Malformed(f"{path} is empty")


def what_is_wrong(error: ValidationError, path: Path, number: int) -> Malformed:
    """The first thing that is wrong with a line, in one sentence that names its key."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"]) or "the line"
    return Malformed(f"{path}, line {number}: {key}: {first['msg'].lower()}")


def _read(line: object, number: int, path: Path) -> LabelledTurn:
    try:
        return _LINE.validate_python(line)
    except ValidationError as error:
        raise what_is_wrong(error, path, number) from error
