"""A list of telephone numbers, one a line, as registries hand them out; a bad line never stops the good ones."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

SEPARATORS = re.compile(r"[,;\t]")
NOT_DIGITS = re.compile(r"\D")
NORTH_AMERICAN = re.compile(r"1?([2-9]\d\d[2-9]\d{6})")
LONGEST_SHOWN = 40


@dataclass(frozen=True, kw_only=True)
class BadLine:
    """A line that was left out: where it is, counted from 1, and why.

    It is no number, or ``is_elsewhere``: in none of the areas that were asked for.
    """

    line: int
    reason: str
    is_elsewhere: bool = False


@dataclass(frozen=True, kw_only=True)
class NumberList:
    """What a text says: its numbers (E.164) in order, and every line that is none."""

    phones: tuple[str, ...]
    bad: tuple[BadLine, ...]

    @property
    def rows(self) -> int:
        """How many lines were read."""
        return len(self.phones) + len(self.bad)

    @property
    def unreadable(self) -> tuple[BadLine, ...]:
        """The lines that are no number at all."""
        return tuple(each for each in self.bad if not each.is_elsewhere)


def numbers_of(text: str, *, area_codes: frozenset[str] = frozenset()) -> NumberList:
    """Every number of the text; with ``area_codes`` one of another area code is a bad line.

    A line is a number in any writing, or its area code and the rest parted by a comma, semicolon or tab; what follows
    is left out. A first line without digits names the columns.
    """
    phones, bad = [], []
    for line, cells in _lines(text):
        found = NORTH_AMERICAN.fullmatch(_digits(cells))
        if found is None:
            bad.append(BadLine(line=line, reason=f"{cells[0][:LONGEST_SHOWN]!r} is not a telephone number"))
        elif area_codes and found[1][:3] not in area_codes:
            reason = f"the area code {found[1][:3]} is not among those of the copy"
            bad.append(BadLine(line=line, reason=reason, is_elsewhere=True))
        else:
            phones.append(f"+1{found[1]}")
    return NumberList(phones=tuple(phones), bad=tuple(bad))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    is_first = True
    for line, row in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if not row.strip():
            continue
        names_columns = is_first and not any(letter.isdigit() for letter in row)
        is_first = False
        if not names_columns:
            yield line, [cell.strip().strip('"') for cell in SEPARATORS.split(row)]


def _digits(cells: list[str]) -> str:
    first = NOT_DIGITS.sub("", cells[0])
    return first + NOT_DIGITS.sub("", cells[1]) if len(first) == 3 and len(cells) > 1 else first
