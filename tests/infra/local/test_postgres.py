"""The embedded PostgreSQL keeps its data and its manners, whatever happened to the run before."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from infra.local import child
from infra.local.home import outside_folder
from infra.local.passing import wait_until_ready
from infra.local.pg_binaries import find_binaries, made_reachable
from infra.local.pg_leftovers import clear_leftovers
from infra.local.postgres import EmbeddedPostgres, embedded_postgres
from shared.kernel.errors import Unavailable
from tests.infra.local.stack import eventually

pytestmark = pytest.mark.real_servers


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project folder below one that nobody else may enter, which is what pytest makes."""
    folder = tmp_path_factory.mktemp("project") / ".reauto"
    folder.mkdir()
    yield folder
    if child.unprivileged_account():
        shutil.rmtree(outside_folder(folder))


@pytest.fixture
def server(home: Path) -> Iterator[EmbeddedPostgres]:
    postgres = embedded_postgres(home)
    yield postgres
    postgres.stop()


def start(postgres: EmbeddedPostgres) -> None:
    postgres.prepare()
    postgres.launch()
    wait_until_ready(postgres)


def runs(pid: int | None) -> bool:
    """Whether the process lives; one that ended and was not collected yet does not."""
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def count_starts(postgres: EmbeddedPostgres) -> int:
    with psycopg.connect(postgres.url()) as db:
        db.execute("CREATE TABLE IF NOT EXISTS starts (at timestamptz DEFAULT now())")
        db.execute("INSERT INTO starts DEFAULT VALUES")
        found = db.execute("SELECT count(*) FROM starts").fetchone()
    assert found is not None
    return int(found[0])


def test_rows_survive_a_stop_a_killed_server_and_a_killed_parent(
    home: Path, server: EmbeddedPostgres, tmp_path: Path
) -> None:
    start(server)
    assert count_starts(server) == 1
    assert not os.environ.get("PGPASSWORD")
    os.kill(server.pid or 0, signal.SIGKILL)

    again = embedded_postgres(home)
    start(again)
    assert count_starts(again) == 2
    abandoned = again.pid

    third = embedded_postgres(home)
    third.prepare()  # ends the server that still runs
    assert not runs(abandoned)
    start(third)
    assert count_starts(third) == 3
    third.stop()
    again.stop()


def test_a_note_that_names_a_living_stranger_is_no_obstacle(server: EmbeddedPostgres) -> None:
    start(server)
    note = (server.data / "postmaster.pid").read_text()
    server.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (server.data / "postmaster.pid").write_text(f"{stranger.pid}\n{note.partition(chr(10))[2]}")
        start(server)
        assert stranger.poll() is None
        stranger.kill()


def test_a_commit_is_on_disk_before_it_is_confirmed(server: EmbeddedPostgres) -> None:
    start(server)
    with psycopg.connect(server.url()) as db:
        shown = [db.execute(f"SHOW {name}".encode()).fetchone() for name in ("fsync", "synchronous_commit")]
        encoding = db.execute("SHOW server_encoding").fetchone()

    assert shown == [("on",), ("on",)]
    assert encoding == ("UTF8",)


def test_a_wrong_password_is_refused(server: EmbeddedPostgres) -> None:
    start(server)

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgresql://reauto:guess@127.0.0.1:{server.port}/postgres")


def test_two_projects_run_side_by_side(server: EmbeddedPostgres, postgres_url: str) -> None:
    start(server)

    assert server.url() != postgres_url
    psycopg.connect(postgres_url).close()
    psycopg.connect(server.url()).close()


def test_a_port_taken_at_the_last_moment_is_exchanged(server: EmbeddedPostgres) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", server.port))
        taken = server.port
        start(server)

    assert server.port != taken


def test_a_chosen_port_that_is_taken_is_said_so(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        postgres = embedded_postgres(home, port=port)
        with pytest.raises(Unavailable, match=f"port {port} is taken"):
            start(postgres)


def test_data_of_another_version_is_refused(server: EmbeddedPostgres) -> None:
    server.prepare()
    version = server.data / "PG_VERSION"
    ours = version.read_text()
    version.write_text("15\n")
    try:
        with pytest.raises(Unavailable, match="written by PostgreSQL 15"):
            server.prepare()
    finally:
        version.write_text(ours)


def test_data_that_cannot_be_read_is_said_so(server: EmbeddedPostgres) -> None:
    server.prepare()
    (server.data / "global" / "pg_control").rename(server.root / "pg_control")
    try:
        with pytest.raises(Unavailable, match="did not start"):
            start(server)
    finally:
        (server.root / "pg_control").rename(server.data / "global" / "pg_control")


def test_a_start_that_was_killed_half_way_leaves_nothing(server: EmbeddedPostgres) -> None:
    beginning = server.root / "new-beginning"
    beginning.mkdir(exist_ok=True)
    server.prepare()

    assert not beginning.exists()


def test_the_server_dies_with_a_parent_that_is_killed(home: Path, server: EmbeddedPostgres) -> None:
    script = f"""
import sys, time
from pathlib import Path
from infra.local.pg_leftovers import clear_leftovers
from infra.local.postgres import embedded_postgres
from infra.local.passing import wait_until_ready
server = embedded_postgres(Path({str(home)!r}))
server.prepare(); server.launch(); wait_until_ready(server)
print(server.pid, flush=True)
time.sleep(60)
"""
    root = Path(__file__).parents[3]
    with subprocess.Popen([sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert runs(pid)
        parent.kill()

    assert eventually(lambda: not runs(pid))
    start(server)


def test_children_are_started_from_the_main_thread_only(tmp_path: Path) -> None:
    from threading import Thread

    raised: list[BaseException] = []

    def begin(spawn: Callable[..., object]) -> None:
        try:
            spawn(["true"], log=tmp_path / "log")
        except RuntimeError as error:
            raised.append(error)

    thread = Thread(target=begin, args=[child.spawn])
    thread.start()
    thread.join()

    assert "main thread" in str(raised[0])


def test_a_chosen_folder_without_a_server_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="REAUTO_PG_BIN="):
        find_binaries(tmp_path)


def test_programs_below_a_private_folder_run_from_a_copy(tmp_path: Path) -> None:
    ours = find_binaries()
    private = tmp_path / "site" / "package" / "install"
    shutil.copytree(ours.folder.parent / "bin", private / "bin", symlinks=True)
    libraries = ours.folder.parent.parent
    if libraries.with_name(f"{libraries.name}.libs").is_dir():
        shutil.copytree(libraries.with_name(f"{libraries.name}.libs"), tmp_path / "site" / "package.libs")
    (tmp_path / "site").chmod(0o700)
    hidden = type(ours)(folder=private / "bin", major=ours.major)
    copies = tmp_path / "copies"
    copies.mkdir()

    copy = made_reachable(hidden, copies=copies)

    assert copies in copy.folder.parents
    assert made_reachable(hidden, copies=copies) == copy
    assert (copy.folder / "postgres").exists()
    assert (copy.folder.parents[2] / "package.libs").is_dir() == (tmp_path / "site" / "package.libs").is_dir()


def test_an_old_server_that_waits_for_its_clients_is_ended(tmp_path: Path, server: EmbeddedPostgres) -> None:
    start(server)
    held = psycopg.connect(server.url())
    abandoned = server.pid or 0
    os.kill(abandoned, signal.SIGTERM)  # waits for clients to leave, of which one stays

    assert eventually(lambda: runs(abandoned))
    clear_leftovers(server.data)

    assert not runs(abandoned)
    held.close()


def test_a_note_that_cannot_be_read_is_left_to_the_server(tmp_path: Path) -> None:
    (tmp_path / "postmaster.pid").write_text("nonsense\n")

    clear_leftovers(tmp_path)

    assert (tmp_path / "postmaster.pid").read_text() == "nonsense\n"
