"""The Parameter Store for doors that somebody waits at. Light: botocore only."""

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from shared.kernel.errors import Unavailable

QUICKLY = Config(connect_timeout=1, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 2})


def parameters(path: str, *, region: str | None = None, endpoint_url: str | None = None) -> dict[str, str]:
    """Every parameter below ``path`` by its last name, decrypted.

    Raises:
        Unavailable: The Parameter Store cannot be read.
    """
    client = get_session().create_client("ssm", region_name=region, endpoint_url=endpoint_url, config=QUICKLY)
    pages = client.get_paginator("get_parameters_by_path")
    try:
        return {
            each["Name"].rpartition("/")[2]: each["Value"]
            for page in pages.paginate(Path=path, WithDecryption=True)
            for each in page["Parameters"]
        }
    except (BotoCoreError, ClientError) as error:
        raise Unavailable(f"the parameters below {path} cannot be read: {type(error).__name__}") from error
