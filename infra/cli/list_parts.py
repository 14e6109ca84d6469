"""A lead list in parts that the API takes: whole rows only, each part under the file's own header."""

from collections.abc import Iterator
from dataclasses import dataclass

PART_BYTES = 256 * 1024
QUOTE, NEWLINE = b'"', b"\n"


@dataclass(frozen=True, kw_only=True)
class ListPart:
    """A piece of the file with its header. ``lines_before`` is what its line numbers lack to be the file's."""

    text: bytes
    size: int
    lines_before: int


def parts_of(file: bytes, *, most: int = PART_BYTES) -> Iterator[ListPart]:
    """The file in parts of about ``most`` bytes; as it is when it is short.

    A row may span lines where a quotation mark is open; a mark that is never closed must not hold the whole rest of
    the file together, so a part ends at a line's end anyway when it grows to twice its size.
    """
    if len(file) <= most:
        yield ListPart(text=file, size=len(file), lines_before=0)
        return
    header, rows = _cut_header(file)
    lines = rows.splitlines(keepends=True)
    piece, size, quotes, first = [], 0, 0, 0
    for number, line in enumerate(lines, start=1):
        piece.append(line)
        size += len(line)
        quotes += line.count(QUOTE)
        if (size >= most and quotes % 2 == 0) or size >= 2 * most:
            yield ListPart(text=header + b"".join(piece), size=size, lines_before=first)
            piece, size, quotes, first = [], 0, 0, number
    if piece:
        yield ListPart(text=header + b"".join(piece), size=size, lines_before=first)


def _cut_header(file: bytes) -> tuple[bytes, bytes]:
    """Everything up to the first line that is not blank, and what follows."""
    end = 0
    for line in file.splitlines(keepends=True):
        end += len(line)
        if line.strip(b" \t\r\n\xef\xbb\xbf"):
            break
    return file[:end], file[end:]
