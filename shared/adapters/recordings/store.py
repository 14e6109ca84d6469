"""The place for recordings that the settings name."""

from pathlib import Path

from shared.adapters.recordings.folder import FolderRecordings
from shared.calls.recordings import Recordings
from shared.recording_settings import RecordingSettings

S3 = "s3://"


def make_store(settings: RecordingSettings) -> Recordings | None:
    """A folder, or a bucket of S3; ``None`` when none is named. Who needs no bucket does not import boto3."""
    if not settings.place:
        return None
    if not settings.place.startswith(S3):
        return FolderRecordings(Path(settings.place))
    from shared.adapters.aws.clients import make_client
    from shared.adapters.aws.s3 import S3Recordings

    bucket, _, prefix = settings.place.removeprefix(S3).partition("/")
    return S3Recordings(make_client("s3"), bucket=bucket, key_id=settings.kms_key or None, prefix=prefix)
