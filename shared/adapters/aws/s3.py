"""Recordings in S3, encrypted with a key of our own."""

from datetime import timedelta
from typing import Any

from shared.adapters.aws.clients import in_our_words


class S3Recordings:
    """``Recordings`` in one bucket.

    Args:
        client: boto3's client of S3.
        bucket: Where they lie.
        key_id: The KMS key that encrypts them.
    """

    def __init__(self, client: Any, *, bucket: str, key_id: str) -> None:
        self._client = client
        self._bucket = bucket
        self._key_id = key_id

    def put(self, name: str, sound: bytes, *, media_type: str = "audio/wav") -> None:
        with in_our_words("keeping a recording"):
            self._client.put_object(
                Bucket=self._bucket,
                Key=name,
                Body=sound,
                ContentType=media_type,
                ServerSideEncryption="aws:kms",
                SSEKMSKeyId=self._key_id,
            )

    def get(self, name: str) -> bytes:
        with in_our_words("reading a recording"):
            sound: bytes = self._client.get_object(Bucket=self._bucket, Key=name)["Body"].read()
        return sound

    def link(self, name: str, *, lasts: timedelta) -> str:
        with in_our_words("signing a link to a recording"):
            address: str = self._client.generate_presigned_url(
                "get_object",
                Params={"Bucket": self._bucket, "Key": name},
                ExpiresIn=round(lasts.total_seconds()),
            )
        return address

    def delete(self, name: str) -> None:
        with in_our_words("deleting a recording"):
            self._client.delete_object(Bucket=self._bucket, Key=name)
