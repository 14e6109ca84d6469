"""The embedded Redis is real, private and keeps nothing."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from infra.local.passing import wait_until_ready
from infra.local.redis import EmbeddedRedis, find_redis
from shared.kernel.errors import Unavailable

pytestmark = pytest.mark.real_servers


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    embedded = EmbeddedRedis(tmp_path)
    yield embedded
    embedded.stop()


def start(server: EmbeddedRedis) -> None:
    server.prepare()
    server.launch()
    wait_until_ready(server)


def test_only_who_knows_the_password_is_served(server: EmbeddedRedis) -> None:
    start(server)

    with redis.Redis.from_url(server.url()) as client:
        assert client.ping()
        assert client.config_get("save") == {"save": ""}
    with redis.Redis(port=server.port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_the_password_is_readable_by_its_owner_alone(server: EmbeddedRedis, tmp_path: Path) -> None:
    start(server)

    assert (tmp_path / "redis.conf").stat().st_mode & 0o777 == 0o600


def test_a_port_taken_at_the_last_moment_is_exchanged(server: EmbeddedRedis) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", server.port))
        taken = server.port
        start(server)

    assert server.port != taken


def test_a_chosen_port_that_is_taken_is_said_so(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        server = EmbeddedRedis(tmp_path, port=other.getsockname()[1])
        with pytest.raises(Unavailable, match="is taken"):
            start(server)


def test_a_program_that_does_not_run_is_said_so(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path, program=Path("/bin/false"))

    with pytest.raises(Unavailable, match="did not start"):
        start(server)


def test_a_folder_that_cannot_be_used_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Unavailable, match="cannot be set up"):
        EmbeddedRedis(tmp_path / "file").prepare()


def test_the_machines_own_server_comes_first(tmp_path: Path) -> None:
    program = tmp_path / "valkey-server"
    program.touch(mode=0o755)

    assert find_redis(path=str(tmp_path)) == program


def test_no_server_at_all_is_said_so() -> None:
    with pytest.raises(Unavailable, match="REDIS_URL"):
        find_redis(path="", wheel="no_such_package")


def test_a_fresh_keyspace_for_every_test(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
