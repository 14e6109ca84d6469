"""The check of a script before anybody hears it: every problem, with file, line and key, in plain words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from shared.conversation.script import Script, common_phrases, whole_script
from shared.conversation.script_lines import Lines, Place, key_lines, told
from shared.conversation.script_places import heard_badly, named_in, spoken
from shared.conversation.script_sense import sense_problems
from shared.conversation.script_words import ALWAYS, phrase_problems
from shared.kernel.yaml_text import read_yaml

LONGEST_FILE = 65_536
"""Characters."""
_SAID = {
    "extra_forbidden": "is no key of a script",
    "missing": "is missing",
    "too_short": "is empty",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
    "string_pattern_mismatch": "must be lower-case letters, digits and _, and begin with a letter",
}


@dataclass(frozen=True, kw_only=True, order=True)
class Problem:
    """Something that is wrong with a script, or, as ``is_advice``, that could be better."""

    file: str
    line: int
    key: str
    says: str
    is_advice: bool = False

    def __str__(self) -> str:
        """``rental.yaml:12: questions[2].ask[1]: has digits: write numbers as words``."""
        where = f"{self.key}: " if self.key else ""
        return f"{self.file}:{self.line}: {where}{self.says}"


def check_script(text: str, *, file: str = "script") -> tuple[Problem, ...]:
    """Every problem of a script's YAML text, by line; none when it may be published.

    A file that names no script and has phrases is checked as what all scripts share.
    """
    if len(text) > LONGEST_FILE:
        return (Problem(file=file, line=1, key="", says=f"is longer than {LONGEST_FILE} characters"),)
    try:
        lines, own = key_lines(text), read_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or "something is wrong with it"
        return (Problem(file=file, line=mark.line + 1 if mark else 1, key="", says=f"is not YAML: {why}"),)
    if not isinstance(own, Mapping):
        return (Problem(file=file, line=1, key="", says="is no script: it has no keys"),)
    found = [*_problems(own, lines)]
    return tuple(
        sorted({Problem(file=file, line=lines.line(at), key=told(at), says=says, is_advice=advice)
                for at, says, advice in found})
    )  # fmt: skip


def faults(found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The problems that keep a script from being published."""
    return tuple(problem for problem in found if not problem.is_advice)


def _problems(own: Mapping[str, Any], lines: Lines) -> Iterator[tuple[Place, str, bool]]:
    for place in lines.twice:
        yield place, "stands there twice: only the last counts", False
    is_shared = "name" not in own and "openings" in own
    shared = common_phrases()
    for at, text, act in spoken(own):
        alike = shared["phrases"].get(act, ())
        values = ALWAYS | named_in(alike)
        for says in phrase_problems(text, values=values, alike=alike):
            yield at, says, False
    yield from ((at, says, False) for at, says in heard_badly(own))
    if is_shared:
        yield from (
            (("phrases",), f"lacks {act!r}", False) for act in sorted(shared["phrases"].keys() - own["phrases"])
        )
        return
    phrases = own.get("phrases") or {}
    for act in sorted(set(phrases) - set(shared["phrases"])) if isinstance(phrases, Mapping) else ():
        yield ("phrases", act), "is said by nobody: there is no such line", False
    try:
        script = Script.model_validate(whole_script(own, shared=shared))
    except ValidationError as error:
        yield from _model_problems(error)
    else:
        yield from sense_problems(script, own)


def _model_problems(error: ValidationError) -> Iterator[tuple[Place, str, bool]]:
    for fault in error.errors():
        at = tuple(step for step in fault["loc"] if step != "[key]")
        if not at and "names" in fault["msg"]:
            continue  # the phrase has said so itself, with its line
        at = at or ("required",)
        said = _SAID.get(fault["type"], fault["msg"].removeprefix("Value error, "))
        yield at, said.format(expected=fault.get("ctx", {}).get("expected", "")), False
