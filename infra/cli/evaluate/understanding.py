"""``reauto evaluate understanding``: how well real people's words about homes are understood without a model."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter

import click
from rich.console import Console

from infra.cli.bench import TooFar
from infra.cli.evaluate.heard_turns import SLOTS, HeardTurn, hear_turn
from infra.cli.evaluate.labelled_turns import LabelledTurn, labelled_turns
from infra.cli.rows import Row, print_rows
from shared.conversation.understanding import Act
from shared.kernel.errors import NotConfigured

DIALOGUES = Path("data") / "sgd_homes" / "homes1_dev.jsonl"
"""Where the labelled dialogues lie in the reference folder."""

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


@click.command(short_help="Real people's words about homes, without a model.")
@click.option("--file", "path", type=click.Path(path_type=Path), help="Labelled turns, one JSON object a line.")
@click.option("--reference", type=click.Path(path_type=Path), envvar="REAUTO_REFERENCE", help="Folder with the dialogues.")
@click.option("--errors", "shows_misread", is_flag=True, help="Also print the turns that were misread.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def understanding(*, path: Path | None, reference: Path | None, shows_misread: bool, as_json: bool) -> None:
    """How well the words of real people are understood, without a model, beside what the system said before.

    Slots: number_of_beds, number_of_baths, visit_date, area; others are passed over. Without --file it is
    data/sgd_homes/homes1_dev.jsonl of the reference folder. The form is that of its README.
    """
    found = read_dialogues(path or dialogues(reference))
    console = Console(stderr=as_json)
    print_rows(found.rows, console, title="understanding")
    if shows_misread:
        for each in found.misread:
            line = f"{each.what}: wanted {each.wanted}, read {each.read}: {each.system or ''} | {each.words}"
            console.print(line, markup=False, highlight=False)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in found.rows], indent=2))
    if failed := [row.name for row in found.rows if not row.holds]:
        raise TooFar(f"{len(failed)} did not hold: {', '.join(failed)}")


def dialogues(reference: Path | None) -> Path:
    """The file of the reference folder.

    Raises:
        NotConfigured: No reference folder is named.
    """
    if reference is None:
        raise NotConfigured("name a file with --file, or the reference folder with REAUTO_REFERENCE")
    return reference / DIALOGUES


def understanding_rows(path: Path) -> list[Row]:
    """The figures of a file of labelled turns, each held against its bar.

    Raises:
        NotFound: There is no such file.
        Malformed: A line is not of the form; the message names the line and the key.
    """
    return list(read_dialogues(path).rows)


def read_dialogues(path: Path) -> Reading:
    """Give every turn to our understanding and compare.

    Raises:
        NotFound: There is no such file.
        Malformed: A line is not of the form; the message names the line and the key.
    """
    turns = labelled_turns(path)
    hear_turn(turns[0], today=TODAY)  # reads the word lists, which a call has read before its first turn
    heard, times = zip(*(_timed(turn) for turn in turns), strict=True)
    misread = [each for turn, found in zip(turns, heard, strict=True) for each in _compared(turn, found)]
    rows = [_f1_row(slot, turns, heard) for slot in SLOTS]
    rows += [_answer_row(turns, heard), _time_row(times)]
    return Reading(rows=rows, misread=misread)


def _timed(turn: LabelledTurn) -> tuple[HeardTurn, float]:
    """A turn as it is heard and the milliseconds it takes: the least of a few, for other work shares the machine."""
    times = []
    for _ in range(_READINGS):
        start = perf_counter()
        found = hear_turn(turn, today=TODAY)
        times.append(1_000 * (perf_counter() - start))
    return found, min(times)


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
