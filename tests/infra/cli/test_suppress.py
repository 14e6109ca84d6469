"""``reauto suppress`` and ``reauto sign-off``: what a person types goes in, what they read comes out."""

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from infra.cli.api import Api
from infra.cli.suppress_import import ListHead, parts_of, send_list
from shared.kernel.errors import Malformed, NotFound, Refused, Unavailable
from tests.infra.cli.office import URL, DoorTransport, Office
from tests.shared.calls.world import NOON, make_consent, make_lead

TODAY = NOON.date().isoformat()
NATIONAL = ("--list", "national", "--taken-on", TODAY)
LEAD = make_lead()


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "numbers.txt"


def test_a_copy_of_the_national_list_comes_in_and_bad_lines_are_named(office: Office, file: Path) -> None:
    file.write_text("512,5550101\n512,nonsense\n3035550101\n512,5550102\n")

    said = office.run("suppress", "import", str(file), *NATIONAL, "--area-codes", "512, 737", "--san", "1-22")

    assert said.splitlines()[0] == f"The national do-not-call list of {TODAY}: 2 numbers taken in, 2 lines refused."
    assert "  line 2: '512' is not a telephone number" in said
    assert "  line 3: the area code 303 is not among those of the copy" in said
    [newest, _] = office.desk.world.registries.copies()
    assert (newest.area_codes, newest.account, newest.numbers) == (("512", "737"), "1-22", 2)


def test_a_large_file_goes_in_parts_and_keeps_its_line_numbers(office: Office, file: Path) -> None:
    lines = [f"512555{number % 10_000:04d}" for number in range(120_000)]
    lines[110_000] = "nonsense"
    file.write_text("\n".join(lines))

    report = office.json("suppress", "import", str(file), *NATIONAL, "--area-codes", "all")

    assert (report["rows"], report["accepted"]) == (120_000, 119_999)
    assert [bad["line"] for bad in report["refused"]] == [110_001]
    assert report["copy"]["numbers"] == 10_000


def test_an_empty_or_garbled_file_leaves_the_copy_in_use_unless_it_is_meant(office: Office, file: Path) -> None:
    words = ("suppress", "import", str(file), *NATIONAL, "--area-codes", "all")
    file.write_text("5125550101\n")
    office.run(*words)

    file.write_text("")
    with pytest.raises(Refused, match="say that the list is empty"):
        office.run(*words)
    file.write_text("5125550102\nx 1\nx 2\n")
    with pytest.raises(Malformed, match=r"2 of 3 lines .*the copy in use stays as it was"):
        office.run(*words)
    [listing] = office.desk.world.registries.listings("+15125550101", states=())
    assert listing.is_listed

    assert "1 number taken in, 2 lines refused" in office.run(*words, "--despite-bad-lines")
    file.write_text("")
    assert "0 numbers taken in" in office.run(*words, "--empty")


class BreakingApi(Api):
    """An API that goes away when the first part comes."""

    def post_csv(self, path: str, text: bytes, **query: str | list[str]) -> Any:
        raise Unavailable("the API does not answer")


def test_a_copy_that_breaks_off_leaves_the_one_in_use(office: Office, file: Path) -> None:
    file.write_text("5125550101\n")
    office.run("suppress", "import", str(file), *NATIONAL, "--area-codes", "all")
    head = ListHead(kind="national", taken_on=NOON.date(), area_codes="all", state=None, account="", seller_id=None)
    breaking = BreakingApi(URL, office.key, transport=DoorTransport(office.desk))

    with pytest.raises(Unavailable, match="the copy in use stays as it was"):
        send_list(b"5125550102\n", head=head, api=breaking, console=Console(file=io.StringIO()))

    [listing] = office.desk.world.registries.listings("+15125550101", states=())
    assert listing.is_listed


def test_lists_of_states_and_our_own(office: Office, file: Path) -> None:
    file.write_text("5125550101\n")
    office.run("suppress", "import", str(file), "--list", "state", "--state", "fl", "--taken-on", TODAY)
    office.run("suppress", "import", str(file), "--list", "internal", "--taken-on", TODAY)
    office.run("suppress", "add", "+1 512 555 0102", "--reason", "wrong_number", "--note", "said so")

    said = office.run("suppress", "list")

    assert "FL" in said
    assert "+15125550101" in said
    assert "wrong number" in said


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (("--list", "national", "--taken-on", TODAY), Malformed, "--area-codes"),
        (("--list", "state", "--taken-on", TODAY), Malformed, "--state"),
        (("--list", "internal", "--state", "FL", "--taken-on", TODAY), Malformed, "--state"),
        (("--list", "state", "--state", "XX", "--taken-on", TODAY), Malformed, "no state 'XX'"),
        (("--list", "internal", "--taken-on", "2025-01-01"), Malformed, "at most 31 days"),
        (("--list", "internal", "--taken-on", TODAY, "--seller", "Nobody"), NotFound, "Nobody"),
        (("--list", "national", "--taken-on", "2026-02-20", "--area-codes", "all"), Refused, "in use"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    office: Office, file: Path, words: tuple[str, ...], error: type[Exception], said: str
) -> None:
    file.write_text("5125550101\n")

    with pytest.raises(error, match=said):
        office.run("suppress", "import", str(file), *words)


def test_a_file_that_is_not_there(office: Office, tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="is a folder"):
        office.run("suppress", "import", str(tmp_path), *NATIONAL, "--area-codes", "all")
    with pytest.raises(Unavailable, match="cannot be read"):
        office.run("suppress", "import", str(tmp_path / "none"), *NATIONAL, "--area-codes", "all")


def test_a_number_says_why(office: Office) -> None:
    office.desk.world.leads.add([LEAD], [make_consent(LEAD)])

    said = office.run("suppress", "check", LEAD.phone)
    assert "Ada, Spring (ready): allow until 2026-03-11" in said
    assert "consent.ai_voice" not in said
    assert "consent.ai_voice" in office.run("suppress", "check", LEAD.phone, "--all")

    office.run("suppress", "add", LEAD.phone)
    said = office.run("suppress", "check", LEAD.phone)
    assert "on the list since 2026-03-10: do not call" in said
    assert "deny suppression.listed: the number is suppressed" in said
    assert "No lead of a campaign" in office.run("suppress", "check", "+15125550199")


def test_signatures(office: Office) -> None:
    assert "Nothing is signed off yet." in office.run("sign-off", "list")

    said = office.run("sign-off", "add", "fl", "--policy", "allow", "--by", "R. Counsel", "--licence", "TC-1234")

    assert said == "FL: allow, signed by R. Counsel\n"
    assert "TC-1234" in office.run("sign-off", "list")


def test_parts_hold_whole_lines() -> None:
    text = b"".join(b"%010d\n" % number for number in range(100)) + b"5125550101"

    parts = list(parts_of(text, most=64))

    assert b"".join(parts) == text
    assert all(part.endswith(b"\n") for part in parts[:-1])
    assert list(parts_of(b"")) == []
