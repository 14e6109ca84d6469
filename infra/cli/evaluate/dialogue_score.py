"""Labelled dialogues beside what our understanding makes of them: figures, and every turn that was misread."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter

from infra.cli.evaluate.heard_turns import SLOTS, HeardTurn, hear_turn
from infra.cli.evaluate.labelled_turns import LabelledTurn, labelled_turns
from infra.cli.rows import Row
from shared.conversation.understanding import Act

TODAY = date(2019, 3, 1)
"""The day on which the dialogues are held: what "tomorrow" is counted from."""

LEAST_F1 = {"number_of_beds": 0.90, "number_of_baths": 0.90, "visit_date": 0.90, "area": 0.80}
LEAST_ANSWERS = 0.90
MOST_MILLISECONDS = 5.0
ANSWERS = {"AFFIRM": Act.YES, "NEGATE": Act.NO}
_READINGS = 3


@dataclass(frozen=True, kw_only=True)
class Misread:
    """A turn that was read otherwise than it is labelled: ``None`` where nothing was read, or nothing is there."""

    what: str
    wanted: str | None
    read: str | None
    system: str | None
    words: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What came of a file: the figures, and every turn that was misread."""

    rows: Sequence[Row]
    misread: Sequence[Misread] = field(default=())


def read_dialogues(path: Path) -> Reading:
    """Give every turn to our understanding and compare.

    Raises:
        NotFound: There is no such file.
        Malformed: A line is not of the form; the message names the line and the key.
    """
    turns = labelled_turns(path)
    heard = [hear_turn(turn, today=TODAY) for turn in turns]
    times = [_milliseconds(turn) for turn in turns]
    misread = [each for turn, found in zip(turns, heard, strict=True) for each in _compared(turn, found)]
    rows = [_f1_row(slot, turns, heard) for slot in SLOTS]
    rows += [_answer_row(turns, heard), _time_row(times)]
    return Reading(rows=rows, misread=misread)


def _milliseconds(turn: LabelledTurn) -> float:
    """How long a turn takes: the least of a few readings, for other work shares the machine."""
    times = []
    for _ in range(_READINGS):
        start = perf_counter()
        hear_turn(turn, today=TODAY)
        times.append(1_000 * (perf_counter() - start))
    return min(times)


def _compared(turn: LabelledTurn, heard: HeardTurn) -> Iterator[Misread]:
    for slot in SLOTS:
        wanted, read = turn.informed(slot), heard.values.get(slot)
        if not _is_same(wanted, read):
            yield Misread(what=slot, wanted=wanted, read=read, system=turn.system_utterance, words=turn.user_utterance)
    for label, act in _answers(turn):
        if heard.answer is not act:
            yield Misread(
                what=label, wanted=act.value, read=heard.answer, system=turn.system_utterance, words=turn.user_utterance
            )


def _is_same(wanted: str | None, read: str | None) -> bool:
    """Whether two values are one; capitals make no difference."""
    return (wanted or "").casefold() == (read or "").casefold()


def _answers(turn: LabelledTurn) -> list[tuple[str, Act]]:
    labels = {act.act for act in turn.user_acts}
    return [(label, act) for label, act in ANSWERS.items() if label in labels]


def _f1_row(slot: str, turns: Sequence[LabelledTurn], heard: Sequence[HeardTurn]) -> Row:
    counts: Counter[str] = Counter()
    for turn, found in zip(turns, heard, strict=True):
        wanted, read = turn.informed(slot), found.values.get(slot)
        is_right = wanted is not None and read is not None and _is_same(wanted, read)
        counts["right"] += is_right
        counts["missed"] += wanted is not None and not is_right
        counts["wrong"] += read is not None and not is_right
    whole = 2 * counts["right"] + counts["missed"] + counts["wrong"]
    return _at_least(f"{slot}: F1", 2 * counts["right"] / whole if whole else 0.0, LEAST_F1[slot])


def _answer_row(turns: Sequence[LabelledTurn], heard: Sequence[HeardTurn]) -> Row:
    judged = [found.answer is act for turn, found in zip(turns, heard, strict=True) for _, act in _answers(turn)]
    return _at_least("yes and no: accuracy", sum(judged) / len(judged) if judged else 0.0, LEAST_ANSWERS)


def _time_row(times: Sequence[float]) -> Row:
    slowest = sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]
    name = "a turn understood, p95"
    return Row(name=name, value=round(slowest, 2), unit="ms", bar=MOST_MILLISECONDS, holds=slowest <= MOST_MILLISECONDS)


def _at_least(name: str, value: float, bar: float) -> Row:
    return Row(name=name, value=round(value, 4), unit="of 1, at least", bar=bar, holds=value >= bar)
