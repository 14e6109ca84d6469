"""Where recordings may be kept."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.adapters.aws.s3 import S3Recordings
from shared.adapters.recordings.folder import FolderRecordings
from shared.adapters.recordings.store import make_store
from shared.recording_settings import RecordingSettings


@pytest.mark.parametrize("place", ["s3://", "s3://Upper", "gs://bucket", "https://example.com"])
def test_a_place_that_is_none_is_refused(place: str) -> None:
    with pytest.raises(ValidationError, match="s3://bucket/prefix"):
        RecordingSettings(RECORDINGS=place)


def test_a_place_is_a_folder_or_a_bucket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    assert make_store(RecordingSettings(RECORDINGS="")) is None
    assert isinstance(make_store(RecordingSettings(RECORDINGS=str(tmp_path))), FolderRecordings)
    assert isinstance(make_store(RecordingSettings(RECORDINGS="s3://recordings/calls")), S3Recordings)


def test_without_a_key_nothing_is_recorded() -> None:
    assert not RecordingSettings(RECORDINGS="x", RECORDING_KEYS="").is_on
    assert RecordingSettings(RECORDINGS="x", RECORDING_KEYS="k1:…").is_on
