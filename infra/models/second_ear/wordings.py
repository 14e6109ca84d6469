"""What the weights are learned from: the wordings beside this file, and the halves of test sets that may be read."""

import json
from dataclasses import dataclass
from pathlib import Path

from shared.conversation.understanding import Act
from shared.conversation.understanding.normal import plain

WORDINGS = Path(__file__).parent / "wordings"
FILES = {
    "opt_out": Act.OPT_OUT,
    "opt_out_garbled": Act.OPT_OUT,
    "robot": Act.ROBOT_QUESTION,
    "robot_garbled": Act.ROBOT_QUESTION,
    "ordinary": None,
    "machines_and_objections": None,
}
"""The files of wordings, and what each means of what must be heard."""

EVALUATION = Path(__file__).resolve().parents[2] / "evaluation"
READ_HALVES = (EVALUATION / "opt_out" / "dev.jsonl", EVALUATION / "guards" / "dev.jsonl")


@dataclass(frozen=True, kw_only=True)
class Example:
    """Plain words, and what they mean of what must be heard."""

    words: str
    act: Act | None


def wordings(name: str) -> list[str]:
    """The lines of one file of wordings."""
    return (WORDINGS / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def examples() -> list[Example]:
    """Every example, in the order of the files."""
    own = [Example(words=plain(text), act=act) for name, act in FILES.items() for text in wordings(name)]
    lines = [json.loads(line) for half in READ_HALVES for line in half.read_text(encoding="utf-8").splitlines()]
    return own + [Example(words=plain(line["text"]), act=_act(line.get("expect"))) for line in lines]


def _act(expected: str | None) -> Act | None:
    return Act(expected) if expected in (Act.OPT_OUT, Act.ROBOT_QUESTION) else None
