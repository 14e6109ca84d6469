"""What a user may get wrong ends in one line that says what to do, and in nothing else."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.cli.__main__ import main
from infra.cli.chaos.traces import processes_of
from infra.local.home import claim
from infra.local.passing import reachable_folder
from shared.settings import child_environment
from tests.journey.road import PERSONAS

Demo = Callable[..., str]


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of one's own, with nothing in it, to stand in."""
    with reachable_folder() as folder:
        monkeypatch.chdir(folder)
        yield folder


@pytest.fixture
def demo(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Demo:
    """Starts a demo that must fail; gives the one line that says why, without the command's name."""

    def start(*arguments: str | Path, **environment: str) -> str:
        for name, value in {**at_home(folder), **environment}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["reauto", "demo", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        return only_line(left.value.code, capsys.readouterr().err)

    return start


def at_home(folder: Path) -> dict[str, str]:
    """The environment of a demo that uses nothing outside its folder."""
    return {"REAUTO_HOME": str(folder / "home"), "DATABASE_URL": "", "REDIS_URL": ""}


def only_line(status: object, errors: str) -> str:
    """The one line of a failure."""
    assert status == 1, errors
    [line] = errors.splitlines()
    assert line.startswith("reauto: ")
    return line.removeprefix("reauto: ")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("greeting:", "greting:"), "maria_lopez.yaml: greting: Extra inputs are not permitted"),
        (("phone: ", "phone: 5 #"), "maria_lopez.yaml: phone: Input should be a valid string"),
        (("+1 512 555 0101", "123"), "maria_lopez.yaml: phone: '123' is not a telephone number"),
        (("+1 512 555 0101", "+1 214 555 0104"), "belongs to james_wilson.yaml already"),
        (("answers:", "answers: ["), "maria_lopez.yaml: line "),
        (("telephone: human", "telephone: pigeon"), "maria_lopez.yaml: telephone: Input should be"),
    ],
)
def test_a_broken_persona_is_named_with_its_key(folder: Path, demo: Demo, change: tuple[str, str], says: str) -> None:
    shutil.copy(PERSONAS / "james_wilson.yaml", folder)
    text = (PERSONAS / "maria_lopez.yaml").read_text().replace("lines: known", "telephone: human\nlines: known")
    assert change[0] in text
    (folder / "maria_lopez.yaml").write_text(text.replace(*change))

    assert says in demo("--personas", folder)


@pytest.mark.parametrize("content", [b"", b"- a\n- b\n", b"\xff\xfe\x00", b"just words"])
def test_a_file_that_is_no_persona_is_named(folder: Path, demo: Demo, content: bytes) -> None:
    (folder / "nobody.yaml").write_bytes(content)

    assert "nobody.yaml" in demo("--personas", folder)


def test_a_missing_folder_of_personas_is_named(demo: Demo) -> None:
    assert demo("--personas", "nowhere") == "nowhere: no persona (*.yaml) in this folder"


def test_a_taken_port_is_named_by_a_command_that_leaves_nothing_behind(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        command = [sys.executable, "-m", "infra.cli", "demo", "--port", str(port)]
        ran = subprocess.run(command, env=child_environment(at_home(folder)), capture_output=True, text=True)

    assert only_line(ran.returncode, ran.stderr).startswith(f"port {port} is taken: ")
    assert processes_of(folder / "home") == {}


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://127.0.0.1:1/x", "the database server at 127.0.0.1:1 cannot be used: "),
        ("garbage", "DATABASE_URL is not an address: write postgresql://user:password@host:5432/name"),
        ("postgresql://u:secret@[::1/x", "DATABASE_URL is not an address: "),
        ("postgresql://u:secret@localhost:port/x", "DATABASE_URL is not an address: "),
        ("mysql://u:secret@localhost/x", "DATABASE_URL names mysql: only PostgreSQL will do"),
    ],
)
def test_a_database_that_cannot_be_used_is_named_without_its_password(demo: Demo, url: str, says: str) -> None:
    line = demo(DATABASE_URL=url)

    assert line.startswith(says)
    assert "secret" not in line


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("redis://:secret@127.0.0.1:1/0", "the Redis at 127.0.0.1:1 cannot be used: "),
        ("unix:///nowhere/redis.sock", "the Redis at /nowhere/redis.sock cannot be used: "),
        ("garbage", "REDIS_URL is not an address: write redis://:password@host:6379/0"),
    ],
)
def test_a_redis_that_cannot_be_used_is_named_without_its_password(demo: Demo, url: str, says: str) -> None:
    line = demo(REDIS_URL=url)

    assert line.startswith(says)
    assert "secret" not in line


@pytest.mark.parametrize("moment", ["yesterday", "2026-12-25T08:00", "2026-13-01T08:00+00:00"])
def test_a_moment_that_cannot_be_read_is_repeated_with_an_example(demo: Demo, moment: str) -> None:
    line = demo("--at", moment)

    assert line.startswith(f"--at '{moment}'")
    assert line.endswith("write it like 2026-12-25T08:00+00:00")


def test_a_folder_for_reports_that_cannot_be_made_is_named_before_anything_starts(folder: Path, demo: Demo) -> None:
    (folder / "taken").write_text("a file")

    assert demo("--out", "taken") == "taken cannot be written: File exists"
    assert not (folder / "home").exists()


def test_a_second_demo_on_the_same_home_is_told_of_the_first(folder: Path, demo: Demo) -> None:
    with claim(folder / "home"):
        assert "is already running on" in demo()


def test_an_unreadable_setting_is_named(demo: Demo) -> None:
    assert demo(KEEP="perhaps").startswith("KEEP: input should be a valid boolean")
