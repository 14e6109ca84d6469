"""What the environment decides about recordings of calls."""

import re
from datetime import timedelta

from pydantic import Field, SecretStr, field_validator

from shared.settings import Settings

BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{2,62}(/|$)")


class RecordingSettings(Settings):
    """Where recordings are kept, sealed with which keys, and for how long; without a place or a key none is made.

    ``place`` is a folder or ``s3://bucket/prefix``. ``keys`` are written ``id:key, id:key``, each key 32 bytes in
    base64: the first one seals, every one opens. ``kms_key`` is the bucket's, where it is not its default.
    """

    place: str = Field(default="", validation_alias="RECORDINGS")
    keys: SecretStr = Field(default=SecretStr(""), validation_alias="RECORDING_KEYS")
    kms_key: str = Field(default="", validation_alias="RECORDING_KMS_KEY")
    retention_days: int = Field(default=90, validation_alias="RECORDING_RETENTION_DAYS", ge=1, le=3650)

    @field_validator("place")
    @classmethod
    def _is_a_place(cls, place: str) -> str:
        if "://" in place and not BUCKET.match(place):
            raise ValueError("write a folder, or a bucket as s3://bucket/prefix")
        return place

    @property
    def retention(self) -> timedelta:
        """How long a recording is kept."""
        return timedelta(days=self.retention_days)

    @property
    def is_on(self) -> bool:
        """Whether calls are recorded."""
        return bool(self.place and self.keys.get_secret_value())
