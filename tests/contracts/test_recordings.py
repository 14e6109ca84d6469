"""Every place for recordings keeps the same promises."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.adapters.aws.s3 import S3Recordings
from shared.adapters.memory.recordings import MemoryRecordings
from shared.calls.recordings import Recordings
from shared.kernel.errors import NotFound, Unavailable
from tests.amazon import NewClient

NAME, SOUND = "2026/11/22/a1.wav", b"RIFF" + bytes(1000)


@pytest.fixture
def s3(amazon: NewClient) -> Any:
    client = amazon("s3")
    client.create_bucket(Bucket="recordings")
    return client


@pytest.fixture(params=["memory", "s3"])
def recordings(request: pytest.FixtureRequest) -> Recordings:
    if request.param == "memory":
        return MemoryRecordings()
    return S3Recordings(request.getfixturevalue("s3"), bucket="recordings", key_id="alias/reauto")


def test_what_was_kept_comes_back(recordings: Recordings) -> None:
    recordings.put(NAME, SOUND)

    assert recordings.get(NAME) == SOUND


def test_the_last_one_of_a_name_counts(recordings: Recordings) -> None:
    recordings.put(NAME, SOUND)
    recordings.put(NAME, b"other")

    assert recordings.get(NAME) == b"other"


def test_what_was_never_kept_is_said_so(recordings: Recordings) -> None:
    with pytest.raises(NotFound):
        recordings.get(NAME)


def test_what_was_deleted_is_gone_and_may_be_deleted_again(recordings: Recordings) -> None:
    recordings.put(NAME, SOUND)
    recordings.delete(NAME)
    recordings.delete(NAME)

    with pytest.raises(NotFound):
        recordings.get(NAME)


def test_s3_encrypts_with_our_key(s3: Any) -> None:
    S3Recordings(s3, bucket="recordings", key_id="alias/reauto").put(NAME, SOUND)

    kept = s3.head_object(Bucket="recordings", Key=NAME)
    assert (kept["ServerSideEncryption"], kept["ContentType"]) == ("aws:kms", "audio/wav")
    assert kept["SSEKMSKeyId"].endswith("alias/reauto")


def test_a_link_of_s3_plays_without_a_login(s3: Any) -> None:
    recordings = S3Recordings(s3, bucket="recordings", key_id="alias/reauto")
    recordings.put(NAME, SOUND)

    link = recordings.link(NAME, lasts=timedelta(minutes=5))

    assert httpx.get(link, trust_env=False).content == SOUND


def test_a_bucket_out_of_reach_is_said_so(s3: Any) -> None:
    with pytest.raises((NotFound, Unavailable)):
        S3Recordings(s3, bucket="gone", key_id="k").put(NAME, SOUND)
