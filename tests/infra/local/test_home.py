"""The project's folder has one user at a time, and a place that PostgreSQL can reach."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.child import Account
from infra.local.home import AlreadyRunning, claim, outside_folder, postgres_root
from shared.kernel.errors import Unavailable

SOMEBODY = Account(uid=65534, gid=65534)


def test_a_second_claim_is_refused_with_the_holder_named(tmp_path: Path) -> None:
    with (
        claim(tmp_path / ".reauto") as home,
        pytest.raises(AlreadyRunning, match=f"already running .* {os.getpid()}"),
        claim(home),
    ):
        pytest.fail("two claims at once")


def test_the_folder_is_free_again_after_its_user_was_killed(tmp_path: Path) -> None:
    script = f"""
import time
from pathlib import Path
from infra.local.home import claim
with claim(Path({str(tmp_path)!r})):
    print("held", flush=True)
    time.sleep(60)
"""
    root = Path(__file__).parents[3]
    with subprocess.Popen([sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(AlreadyRunning), claim(tmp_path):
            pytest.fail("two claims at once")
        other.kill()
    with claim(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Unavailable, match="cannot be written"), claim(tmp_path / "file" / ".reauto"):
        pytest.fail("a file is no folder")


def test_an_ordinary_user_keeps_the_data_in_the_folder(tmp_path: Path) -> None:
    assert postgres_root(tmp_path, None) == tmp_path / "postgres"


def test_data_that_another_account_must_reach_lies_elsewhere_and_is_pointed_to(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "private" / ".reauto", tmp_path / "elsewhere"
    home.mkdir(parents=True)
    home.parent.chmod(0o700)
    elsewhere.mkdir()

    root = postgres_root(home, SOMEBODY, elsewhere=elsewhere)

    assert root.is_relative_to(elsewhere)
    assert (home / "postgres").readlink() == root
    assert postgres_root(home, SOMEBODY, elsewhere=elsewhere) == root


def test_a_pointer_to_data_that_was_cleaned_away_is_renewed(tmp_path: Path) -> None:
    (tmp_path / "postgres").symlink_to(tmp_path / "gone")

    assert postgres_root(tmp_path, None).is_dir()


def test_a_folder_elsewhere_that_others_can_write_is_not_trusted(tmp_path: Path) -> None:
    outside_folder(tmp_path, elsewhere=tmp_path).chmod(0o777)

    with pytest.raises(Unavailable, match="belongs to somebody else"):
        outside_folder(tmp_path, elsewhere=tmp_path)
