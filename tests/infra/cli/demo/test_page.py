"""``report.html``: whole, escaped, playable, and careful with what lies beside it."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from infra.cli.demo.page import write_page
from tests.infra.cli.demo.results import make_result

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Checked(HTMLParser):
    """Every tag is closed in order; addresses are collected."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    file = tmp_path / "calls" / "call-ada.wav"
    file.parent.mkdir()
    file.write_bytes(b"RIFF")
    return file


def page_of(folder: Path, recording: Path | None = None) -> str:
    def listen(name: str) -> bytes | None:
        return Path(name).read_bytes() if Path(name).exists() else None

    return write_page(make_result(recording=recording), folder, listen=listen).read_text(encoding="utf-8")


def test_the_page_is_whole_and_fetches_nothing_from_elsewhere(tmp_path: Path, recording: Path) -> None:
    checked = Checked()
    checked.feed(page_of(tmp_path, recording))

    assert checked.open == []
    assert checked.addresses == ["recordings/call-ada.wav"]
    assert (tmp_path / "recordings" / "call-ada.wav").read_bytes() == b"RIFF"


def test_words_from_outside_are_escaped(tmp_path: Path) -> None:
    page = page_of(tmp_path)

    assert "Ada &lt;i&gt;Byron&lt;/i&gt;" in page
    assert "hello &lt;b&gt;there&lt;/b&gt;" in page
    assert "<b>there" not in page


def test_a_call_shows_its_turns_in_order_with_what_they_waited(tmp_path: Path) -> None:
    page = page_of(tmp_path)

    assert page.index("Hi, this is Ava.") < page.index("hello &lt;b&gt;") < page.index("When?")
    assert "61 ms" in page
    assert "— interrupted" in page
    assert "first audio after 145 ms" in page


def test_reasons_and_costs_are_there(tmp_path: Path) -> None:
    page = page_of(tmp_path)

    assert "not rung: outside calling hours where the person may be" in page
    assert "within a month (turn 4)" in page
    assert "signed agreement" in page
    assert "2 minutes, twilio" in page
    assert "$0.0320" in page


def test_without_a_recording_there_is_nothing_to_play(tmp_path: Path) -> None:
    page = page_of(tmp_path, tmp_path / "gone.wav")

    assert "<audio" not in page
    assert 'class="at" type="button"' not in page


def test_recordings_of_the_last_page_go_and_other_files_stay(tmp_path: Path, recording: Path) -> None:
    page_of(tmp_path, recording)
    (tmp_path / "recordings" / "mine.wav").write_bytes(b"mine")

    page_of(tmp_path)

    assert [file.name for file in (tmp_path / "recordings").iterdir()] == ["mine.wav"]
