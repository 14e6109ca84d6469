"""A port that was asked for is had, or its name is said."""

import socket

import pytest

from infra.local.ports import PortTaken, claimed_port


def test_nobody_asked_for_a_port_and_gets_a_free_one() -> None:
    port = claimed_port(0)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))


def test_a_taken_port_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortTaken, match=f"port {port} is taken"):
            claimed_port(port)
