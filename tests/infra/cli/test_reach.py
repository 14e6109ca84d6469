"""Commands find the server by option, by setting, or by what it leaves in its folder."""

import os
import stat
from pathlib import Path

import httpx
import pytest

from infra.cli.api import Api
from infra.cli.reach import find_api
from infra.cli.serving import KEY_FILE, SERVER_FILE, NotServing, find_server, persistent_key, published, read_key
from shared.kernel.errors import Malformed, Refused, Unavailable


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REAUTO_HOME", str(tmp_path))
    return tmp_path


def test_the_key_is_made_once_and_only_its_owner_reads_it(home: Path) -> None:
    key = persistent_key(home)

    assert persistent_key(home) == key
    assert len(key) > 30
    assert stat.S_IMODE((home / KEY_FILE).stat().st_mode) == 0o600


def test_a_key_from_the_environment_replaces_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    persistent_key(home)
    monkeypatch.setenv("REAUTO_API_KEY", "a-key-of-my-own-choice")

    assert persistent_key(home) == "a-key-of-my-own-choice"
    assert read_key(home) == "a-key-of-my-own-choice"


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Unavailable, match="cannot be written"):
        persistent_key(tmp_path / "file" / "home")


def test_a_server_is_found_while_it_runs(home: Path) -> None:
    with published(home, "http://127.0.0.1:8420"):
        assert find_server(home).url == "http://127.0.0.1:8420"

    with pytest.raises(NotServing, match="start `reauto serve`"):
        find_server(home)


@pytest.mark.parametrize("left", ["", "{}", "[]", '{"url": "http://127.0.0.1:1", "process": 2147483646}'])
def test_what_a_killed_server_left_is_not_believed(home: Path, left: str) -> None:
    (home / SERVER_FILE).write_text(left)

    with pytest.raises(NotServing):
        find_server(home)


def test_a_server_of_another_user_counts_as_running(home: Path) -> None:
    (home / SERVER_FILE).write_text('{"url": "http://127.0.0.1:1", "process": 1}')

    assert find_server(home).process == 1


def test_without_a_server_the_command_says_what_to_start(home: Path) -> None:
    with pytest.raises(NotServing, match="no server runs on"):
        find_api(None, None)


def test_an_address_without_a_key_is_refused(home: Path) -> None:
    with pytest.raises(Malformed, match="--key"):
        find_api("http://127.0.0.1:1", None)


def test_the_address_and_the_key_are_found_together(home: Path) -> None:
    persistent_key(home)
    with published(home, f"http://127.0.0.1:{os.getpid()}"):
        find_api(None, None).close()


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (httpx.Response(200, text="<html>"), Unavailable, "not this product's API"),
        (httpx.Response(500, text="oops"), Refused, "answered 500"),
        (httpx.Response(502, json={"message": "Internal server error"}), Refused, "Internal server error"),
        (httpx.Response(503, json={"detail": "the database is away"}), Unavailable, "the database is away"),
        (httpx.Response(400, json=["odd"]), Malformed, "answered 400"),
    ],
)
def test_every_answer_that_is_none_becomes_one_line(answer: httpx.Response, kind: type[Exception], said: str) -> None:
    api = Api("http://office", "key", transport=httpx.MockTransport(lambda request: answer))

    with pytest.raises(kind, match=said):
        api.get("/v1/campaigns")


def test_an_empty_answer_is_nothing() -> None:
    api = Api("http://office", "key", transport=httpx.MockTransport(lambda request: httpx.Response(204)))

    assert api.post("/v1/anything") is None


def test_an_address_that_is_none_is_one_line() -> None:
    with pytest.raises(Malformed, match="no address"):
        Api("::", "key")
    with pytest.raises(Unavailable, match="does not answer"):
        Api("office", "key").get("/v1/campaigns")
