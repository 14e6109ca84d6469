"""``reauto import``: good rows come in, refused ones are named with the line they have in the file."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from infra.cli.import_list import draw_report
from infra.cli.list_parts import parts_of
from shared.kernel.errors import Malformed, Unavailable
from tests.infra.cli.office import Office

HEADER = "first_name,last_name,phone,timezone,state,consent_text,consent_channels,consent_at,consent_url\n"


def row(number: int, phone: str = "", note: str = "I agree to AI calls") -> str:
    phone = phone or f"+1512555{number:04}"
    return f'Ada,Number {number},{phone},America/Chicago,TX,"{note}",ai_voice,2026-03-01T10:00:00Z,form\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "leads.csv"


def test_good_rows_come_in_and_bad_ones_are_named(office: Office, file: Path) -> None:
    file.write_text(HEADER + row(101) + row(102, phone="123") + row(103))

    said = office.run("import", str(file), "--campaign", "Spring")

    assert said.splitlines()[0] == "Imported 2 leads, refused 1."
    assert "  line 3, phone: " in said
    assert len(office.desk.world.store.leads) == 2


def test_a_long_list_goes_in_parts_and_keeps_its_line_numbers(office: Office, file: Path) -> None:
    lines = [row(number, note="I agree " + "to AI calls " * 100) for number in range(100, 600)]
    lines[400] = row(500, phone="nonsense")
    file.write_text("\n" + HEADER + "".join(lines))

    report = office.json("import", str(file), "--campaign", "Spring")

    assert (report["rows"], report["accepted"]) == (500, 499)
    assert [(one["line"], one["column"]) for one in report["refused"]] == [(403, "phone")]


def test_importing_again_adds_nothing(office: Office, file: Path) -> None:
    file.write_text(HEADER + row(101))
    office.run("import", str(file), "--campaign", "Spring")

    assert office.json("import", str(file), "--campaign", "Spring")["accepted"] == 0


def test_a_file_that_is_not_there_or_no_file_is_one_line(office: Office, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be read: No such file"):
        office.run("import", str(tmp_path / "nowhere.csv"), "--campaign", "Spring")
    with pytest.raises(Malformed, match="is a folder"):
        office.run("import", str(tmp_path), "--campaign", "Spring")


def test_a_header_without_names_is_refused_before_anything_is_kept(office: Office, file: Path) -> None:
    file.write_text("a,b,c\n1,2,3\n")

    with pytest.raises(Malformed):
        office.run("import", str(file), "--campaign", "Spring")
    assert office.desk.world.store.leads == {}


def test_a_failure_in_the_middle_says_what_was_kept(office: Office, file: Path) -> None:
    long = "".join(row(number, note="I agree " + "to AI calls " * 100) for number in range(100, 400))
    file.write_bytes((HEADER + long).encode() + b"\xff\xff".join([b"x"] * 200_000))
    api = office.api()
    sent = api.post_csv
    calls: list[int] = []

    class Falters(type(api)):  # type: ignore[misc]
        def post_csv(self, path: str, text: bytes) -> object:
            calls.append(len(text))
            if len(calls) > 1:
                raise Unavailable("the API does not answer")
            return sent(path, text)

    api.__class__ = Falters
    office.api = lambda: api  # type: ignore[method-assign]

    with pytest.raises(Unavailable, match=r"does not answer \(\d+ leads of the lines before were imported\)"):
        office.run("import", str(file), "--campaign", "Spring")


def test_a_very_long_list_of_refusals_is_cut_on_the_screen() -> None:
    console = Console(width=80, file=io.StringIO())
    refused = [{"line": number, "column": "", "reason": "no phone"} for number in range(2, 62)]

    draw_report(console, {"accepted": 0, "refused": refused})

    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert "line 51: no phone" in said
    assert "line 52" not in said
    assert "… and 10 more" in said


CELLS = st.lists(st.text(st.sampled_from('ab,"\n;é')), min_size=2, max_size=2)


@given(rows=st.lists(CELLS), most=st.integers(min_value=1, max_value=200))
def test_parts_hold_every_row_once_and_tear_none(rows: list[list[str]], most: int) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([["name", "note"], *rows])
    whole = text.getvalue().encode()

    parts = list(parts_of(whole, most=most))

    longest = max((len(",".join(cells)) for cells in rows), default=0) * 2
    if longest < most:
        read = [line for part in parts for line in list(csv.reader(io.StringIO(part.text.decode(), newline="")))[1:]]
        assert read == [list(cells) for cells in csv.reader(io.StringIO(whole.decode(), newline=""))][1:]
    assert b"".join(part.text.removeprefix(b"name,note\n") for part in parts) == whole.removeprefix(b"name,note\n")


def test_line_numbers_are_those_of_the_file() -> None:
    whole = b"name\n" + b"".join(b"row %d\n" % number for number in range(2, 100))

    for part in parts_of(whole, most=64):
        first = part.text.splitlines()[1]
        assert first == b"row %d" % (2 + part.lines_before)


def test_a_quotation_mark_that_is_never_closed_does_not_hold_the_file_together() -> None:
    whole = b'name\n"open\n' + b"row\n" * 1000

    assert max(part.size for part in parts_of(whole, most=100)) <= 210
