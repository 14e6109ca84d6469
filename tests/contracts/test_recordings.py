"""Every place for recordings keeps the same promises."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.adapters.aws.s3 import S3Recordings
from shared.adapters.memory.recordings import MemoryRecordings
from shared.adapters.recordings.folder import FolderRecordings
from shared.calls.recordings import Recordings
from shared.kernel.errors import NotFound, Unavailable
from tests.amazon import NewClient

NAME, SOUND = "2026/11/22/a1.rec", b"REAREC1" + bytes(1000)


@pytest.fixture
def s3(amazon: NewClient) -> Any:
    client = amazon("s3")
    client.create_bucket(Bucket="recordings")
    return client


@pytest.fixture(params=["memory", "folder", "s3", "s3 below a prefix"])
def recordings(request: pytest.FixtureRequest) -> Recordings:
    if request.param == "memory":
        return MemoryRecordings()
    if request.param == "folder":
        return FolderRecordings(request.getfixturevalue("tmp_path") / "kept")
    prefix = "calls" if "prefix" in request.param else ""
    return S3Recordings(request.getfixturevalue("s3"), bucket="recordings", key_id="alias/reauto", prefix=prefix)


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


def test_the_oldest_days_come_first_and_today_not_at_all(recordings: Recordings) -> None:
    for day in ("2026/11/22", "2026/01/31", "2025/12/31", "2026/11/21"):
        recordings.put(f"{day}/a.rec", SOUND)

    old = recordings.before(date(2026, 11, 22), limit=10)

    assert old == ["2025/12/31/a.rec", "2026/01/31/a.rec", "2026/11/21/a.rec"]
    assert recordings.before(date(2026, 11, 22), limit=2) == old[:2]
    assert recordings.before(date(2025, 1, 1), limit=2) == []


def test_a_folder_keeps_files_for_its_owner_alone_and_knows_no_way_out(tmp_path: Path) -> None:
    recordings = FolderRecordings(tmp_path / "kept")
    recordings.put(NAME, SOUND)

    assert (tmp_path / "kept" / NAME).stat().st_mode & 0o777 == 0o600
    assert recordings.link(NAME, lasts=timedelta(minutes=5)) == (tmp_path / "kept" / NAME).as_uri()
    with pytest.raises(NotFound):
        recordings.get("../secret")


def test_a_folder_that_cannot_be_used_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("no folder")

    with pytest.raises(Unavailable):
        FolderRecordings(tmp_path / "kept").put(NAME, SOUND)


def test_s3_encrypts_with_our_key(s3: Any) -> None:
    S3Recordings(s3, bucket="recordings", key_id="alias/reauto").put(NAME, SOUND)

    kept = s3.head_object(Bucket="recordings", Key=NAME)
    assert (kept["ServerSideEncryption"], kept["ContentType"]) == ("aws:kms", "application/octet-stream")
    assert kept["SSEKMSKeyId"].endswith("alias/reauto")


def test_a_link_of_s3_plays_without_a_login(s3: Any) -> None:
    recordings = S3Recordings(s3, bucket="recordings", key_id="alias/reauto")
    recordings.put(NAME, SOUND)

    link = recordings.link(NAME, lasts=timedelta(minutes=5))

    assert httpx.get(link, trust_env=False).content == SOUND


def test_a_bucket_out_of_reach_is_said_so(s3: Any) -> None:
    with pytest.raises((NotFound, Unavailable)):
        S3Recordings(s3, bucket="gone", key_id="k").put(NAME, SOUND)
