"""Recordings in S3, encrypted once more with a key of the account's."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from shared.adapters.aws.clients import in_our_words


class S3Recordings:
    """``Recordings`` in one bucket.

    Args:
        client: boto3's client of S3.
        bucket: Where they lie.
        key_id: The KMS key that encrypts them, unless it is the bucket's default.
        prefix: What their names begin with there.
    """

    def __init__(self, client: Any, *, bucket: str, key_id: str | None = None, prefix: str = "") -> None:
        self._client = client
        self._bucket = bucket
        self._sealing = {"ServerSideEncryption": "aws:kms"} | ({"SSEKMSKeyId": key_id} if key_id else {})
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""

    def put(self, name: str, sound: bytes, *, media_type: str = "application/octet-stream") -> None:
        with in_our_words("keeping a recording"):
            self._client.put_object(**self._at(name), Body=sound, ContentType=media_type, **self._sealing)

    def get(self, name: str) -> bytes:
        with in_our_words("reading a recording"):
            sound: bytes = self._client.get_object(**self._at(name))["Body"].read()
        return sound

    def link(self, name: str, *, lasts: timedelta) -> str:
        with in_our_words("signing a link to a recording"):
            address: str = self._client.generate_presigned_url(
                "get_object", Params=self._at(name), ExpiresIn=round(lasts.total_seconds())
            )
        return address

    def delete(self, name: str) -> None:
        with in_our_words("deleting a recording"):
            self._client.delete_object(**self._at(name))

    def before(self, day: date, *, limit: int) -> Sequence[str]:
        end = f"{self._prefix}{day:%Y/%m/%d}"
        found: list[str] = []
        with in_our_words("listing recordings"):
            # S3 lists by name, and a name begins with its day.
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
            for page in pages:
                keys = [each["Key"] for each in page.get("Contents", ())]
                found += [key.removeprefix(self._prefix) for key in keys if key < end]
                if len(found) >= limit or (keys and keys[-1] >= end):
                    break
        return found[:limit]

    def _at(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + name}
