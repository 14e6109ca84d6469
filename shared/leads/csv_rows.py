"""A CSV file as rows of named cells. A line that cannot be read is passed on as such; it never swallows the next."""

import csv
import io
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from shared.kernel.errors import Malformed
from shared.leads.columns import columns_of

LINES_OF_ONE_ROW = 20
SURROGATES = range(0xDC80, 0xDD00)  # bytes that are not UTF-8, as "surrogateescape" reads them


class UnreadableFile(Malformed):
    """The file as a whole cannot be read as a list."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row below the header. ``line`` counts the file's lines from 1; ``fault`` says why there are no cells."""

    line: int
    cells: Mapping[str, str] = field(default_factory=dict)
    fault: str | None = None


def rows_of_csv(source: bytes | str | BinaryIO) -> Iterator[Row]:
    """Every row of the file that is not blank, read as it is asked for.

    UTF-8 with or without a byte order mark; cells are parted by commas, semicolons or tabs.

    Raises:
        UnreadableFile: The file is empty, or no text at all.
        BadHeader: The first line does not name the columns.
    """
    lines = _Lines(_text_of(source))
    header_line = next((line for line in iter(lines.take, None) if line.strip()), None)
    if header_line is None:
        raise UnreadableFile("the file is empty: the first line names the columns, then one lead a line")
    if "\0" in header_line:
        raise UnreadableFile("the file is not UTF-8 text: save it as CSV UTF-8")
    delimiter = max(",;\t", key=header_line.count)
    columns = columns_of(next(csv.reader([header_line], delimiter=delimiter)))
    return _rows(lines, columns, delimiter)


def _rows(lines: "_Lines", columns: tuple[str | None, ...], delimiter: str) -> Iterator[Row]:
    while window := lines.peek():
        first = lines.taken + 1
        try:
            cells, count = _first_row(window, delimiter, len(columns))
        except csv.Error as error:
            lines.skip(1)
            yield Row(line=first, fault=f"the line cannot be read as CSV: {error}")
            continue
        lines.skip(count)
        if any(cell.strip() for cell in cells):
            yield _row(first, cells, columns)


def _first_row(window: list[str], delimiter: str, columns: int) -> tuple[list[str], int]:
    """The cells of the first row and how many lines it takes.

    A row over several lines must be flawless: a stray quotation mark would otherwise eat the rows below it.
    """
    reader = csv.reader([*window, "\n"], delimiter=delimiter)
    cells = next(reader)
    if reader.line_num > 1:
        reader = csv.reader(window, delimiter=delimiter, strict=True)
        try:
            cells = next(reader)
        except csv.Error as error:
            raise csv.Error("a quotation mark is opened and never closed") from error
        if len(cells) != columns:
            raise csv.Error("a quotation mark is opened and never closed")
    return cells, reader.line_num


def _row(line: int, cells: list[str], columns: tuple[str | None, ...]) -> Row:
    if any(ord(letter) in SURROGATES for cell in cells for letter in cell):
        return Row(line=line, fault="the line is not UTF-8 text: save the file as CSV UTF-8")
    if any(cell.strip() for cell in cells[len(columns) :]):
        return Row(line=line, fault=f"{len(cells)} cells for {len(columns)} columns: put texts with commas in quotes")
    named = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
    return Row(line=line, cells=named)


def _text_of(source: bytes | str | BinaryIO) -> io.TextIOBase:
    if isinstance(source, str):
        return io.StringIO(source.removeprefix("\ufeff"), newline=None)
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline=None)


class _Lines:
    """The lines of a text, with a view ahead. ``taken`` counts those that are behind us."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text = text
        self._ahead: deque[str] = deque()
        self.taken = 0

    def peek(self) -> list[str]:
        """The next lines, as many as one row may have."""
        while len(self._ahead) < LINES_OF_ONE_ROW:
            line = self._text.readline()
            if not line:
                break
            self._ahead.append(line)
        return list(self._ahead)

    def take(self) -> str | None:
        """The next line, or ``None`` at the end."""
        if not self.peek():
            return None
        self.taken += 1
        return self._ahead.popleft()

    def skip(self, count: int) -> None:
        """Leave so many lines behind."""
        for _ in range(count):
            self._ahead.popleft()
        self.taken += count
