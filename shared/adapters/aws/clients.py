"""How Amazon's services are reached, and how their failures read in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.kernel.errors import NotFound, Unavailable

CONFIG = Config(connect_timeout=2, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3})
MISSING = frozenset(
    {
        "NoSuchKey",
        "NoSuchBucket",
        "404",
        "ResourceNotFoundException",
        "ParameterNotFound",
        "AWS.SimpleQueueService.NonExistentQueue",
    }
)


def make_client(service: str, *, config: Config = CONFIG, **more: Any) -> Any:
    """A client of ``service`` such as ``sqs``; region and credentials come from the surroundings, as in Lambda."""
    return boto3.client(service, config=config, **more)


@contextmanager
def in_our_words(what: str) -> Iterator[None]:
    """Raise what a call to Amazon raises as ours, without the payload.

    Raises:
        NotFound: There is no such thing there.
        Unavailable: Anything else; the message says what was tried, and Amazon's code.
    """
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "unknown"))
        if code in MISSING:
            raise NotFound(f"{what}: there is no such thing") from error
        raise Unavailable(f"{what}: {code}") from error
    except BotoCoreError as error:
        raise Unavailable(f"{what}: {type(error).__name__}") from error
