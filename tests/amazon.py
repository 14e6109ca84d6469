"""Amazon's services as moto plays them over HTTP, for the real clients.

Fixtures: ``amazon_url`` is the address of all of them; ``amazon`` makes clients of an account in which nothing exists.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

NewClient = Callable[[str], Any]

CREDENTIALS = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}


@pytest.fixture(scope="session")
def amazon_url() -> Iterator[str]:
    """A server for the whole run."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def amazon(amazon_url: str) -> Iterator[NewClient]:
    """Makes clients, such as ``amazon("sqs")``, of an empty account."""
    import boto3
    import httpx

    httpx.post(f"{amazon_url}/moto-api/reset", trust_env=False)
    made: list[Any] = []

    def make(service: str) -> Any:
        made.append(boto3.client(service, endpoint_url=amazon_url, **CREDENTIALS))
        return made[-1]

    yield make
    for each in made:
        each.close()
