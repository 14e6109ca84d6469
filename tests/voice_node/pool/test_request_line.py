"""What a connection asks for, from the first bytes of it."""

import pytest

from voice_node.pool.request_line import MOST_BYTES, NotHttp, requested_path, worker_of


@pytest.mark.parametrize(
    ("head", "path"),
    [
        (b"GET /w/w1/a1?x=1 HTTP/1.1\r\nHost: n\r\n", "/w/w1/a1"),
        (b"POST /offer HTTP/1.0\r\n", "/offer"),
        (b"GET /w/w1", None),
        (b"", None),
    ],
)
def test_the_path_is_read_without_its_query(head: bytes, path: str | None) -> None:
    assert requested_path(head) == path


@pytest.mark.parametrize("head", [b"hello\r\n", b"GET w HTTP/1.1\r\n", b"GET / HTTP/2\r\n", b"G" * MOST_BYTES])
def test_what_is_no_request_is_said_so(head: bytes) -> None:
    with pytest.raises(NotHttp):
        requested_path(head)


@pytest.mark.parametrize(
    ("path", "worker"), [("/w/w1/a1", "w1"), ("/w/w1/a1/keys", "w1"), ("/w/w1", None), ("/health", None), ("/", None)]
)
def test_a_path_names_its_worker(path: str, worker: str | None) -> None:
    assert worker_of(path) == worker
