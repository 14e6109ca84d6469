"""What the weights are learned from: the wordings beside this file, and the halves of test sets that may be read."""

import json
from dataclasses import dataclass
from pathlib import Path

from shared.conversation.understanding.normal import plain

WORDINGS = Path(__file__).parent / "wordings"
EVALUATION = Path(__file__).resolve().parents[2] / "evaluation"
READ_HALVES = (EVALUATION / "opt_out" / "dev.jsonl", EVALUATION / "guards" / "dev.jsonl")
ASKED = ("opt_out", "opt_out_garbled")
OTHER = ("ordinary", "robot", "robot_garbled", "machines_and_objections")


@dataclass(frozen=True, kw_only=True)
class Example:
    """Plain words, and whether they ask not to be called again."""

    words: str
    is_asked: bool


def wordings(name: str) -> list[str]:
    """The lines of one file of wordings."""
    return (WORDINGS / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def examples() -> list[Example]:
    """Every example, in the order of the files."""
    own = [Example(words=plain(text), is_asked=name in ASKED) for name in ASKED + OTHER for text in wordings(name)]
    lines = [json.loads(line) for half in READ_HALVES for line in half.read_text(encoding="utf-8").splitlines()]
    return own + [Example(words=plain(line["text"]), is_asked=line.get("expect") == "opt_out") for line in lines]
