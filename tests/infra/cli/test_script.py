"""``reauto script``."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from infra.cli.commands import reauto
from shared.conversation.script import SCRIPTS, script_text
from shared.kernel.errors import Malformed, NotFound
from tests.infra.cli.office import Office

RENTAL = script_text("rental").replace("subject: a rental", "subject: a place to rent", 1)


@pytest.fixture
def rental(tmp_path: Path) -> str:
    file = tmp_path / "rental.yaml"
    file.write_text(RENTAL, encoding="utf-8")
    return str(file)


def test_a_draft_is_written_compared_and_published(office: Office, rental: str) -> None:
    assert "can be published" in office.run("script", "draft", "rental", rental)
    assert "revision 2" in office.run("script", "draft", "rental", rental)
    assert "+subject: a place to rent" in office.run("script", "diff", "rental")
    assert office.run("script", "show", "rental", "--draft").startswith(RENTAL[:40])
    assert office.run("script", "publish", "rental", "--note", "warmer") == "rental version 2 is published.\n"

    assert "warmer" in office.run("script", "show", "rental", "--history")
    assert "-subject: a rental" in office.run("script", "diff", "rental")
    assert office.json("script", "show", "rental@1")["text"] == script_text("rental")
    assert "everybody's" in office.run("script", "list")


def test_an_old_version_and_another_script_begin_a_draft(office: Office, rental: str) -> None:
    office.run("script", "draft", "rental", rental)
    office.run("script", "publish", "rental")

    assert office.json("script", "draft", "rental", "--revert", "1")["text"] == script_text("rental")
    assert office.run("script", "draft", "rental", "--drop") == "The draft is gone.\n"
    assert office.run("script", "draft", "rental", "--drop") == "rental has no draft.\n"
    assert "name: lofts\n" in office.json("script", "draft", "lofts", "--like", "rental")["text"]


def test_what_cannot_be_compared_or_found_is_said(office: Office) -> None:
    with pytest.raises(Malformed, match="nothing to compare"):
        office.run("script", "diff", "rental")
    with pytest.raises(NotFound, match="no script 'nothing'"):
        office.run("script", "show", "nothing")


def test_the_scripts_of_the_project_pass_the_check() -> None:
    result = CliRunner().invoke(reauto, ["script", "check", *map(str, SCRIPTS.glob("*.yaml"))])

    assert (result.exit_code, result.output) == (0, "no problem in 7 files\n")


def test_every_problem_of_a_file_is_one_line_and_the_check_fails(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(RENTAL.replace("That's fine.", "That's 100 % fine."), encoding="utf-8")

    result = CliRunner().invoke(reauto, ["script", "check", str(file)])

    assert result.exit_code == 1
    assert [line.split("] : ")[0].split(": ")[1] for line in result.output.splitlines()[:-1]] == [
        "objections.has_agent.reply[1]"
    ] * 2
    assert result.output.endswith("2 problems in 1 file\n")
    assert CliRunner().invoke(reauto, ["script", "check", "--json", str(file)]).exit_code == 1
