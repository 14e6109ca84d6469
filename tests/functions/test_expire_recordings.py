"""The nightly door of recordings, and the one of those who listen."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions import expire_recordings
from functions.api.door import handle
from shared.adapters.memory.recordings import MemoryRecordingBook
from shared.adapters.recordings.folder import FolderRecordings
from shared.calls.recordings import KeptRecordings
from tests.functions.desk import API_KEY, Desk, http_event

HEADERS = {"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/json"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk()


def services_with(desk: Desk, folder: Path) -> Any:
    kept = KeptRecordings(store=FolderRecordings(folder), book=MemoryRecordingBook(), lasts=timedelta(days=30))
    return replace(desk.services, recordings=kept)


def test_an_installation_without_recordings_has_none_to_delete(desk: Desk) -> None:
    assert expire_recordings.handle({}, desk.services) == {"recordings": "none are kept"}


def test_old_recordings_are_deleted(desk: Desk, tmp_path: Path) -> None:
    services = services_with(desk, tmp_path)
    services.recordings.store.put("2020/01/01/a.rec", b"sealed")

    assert expire_recordings.handle({}, services) == {"expired": 1}
    assert not list(tmp_path.rglob("*.rec"))


def test_a_call_that_nobody_knows_has_no_recording(desk: Desk, tmp_path: Path) -> None:
    event = http_event(
        "POST",
        "/v1/attempts/0195a000-0000-7000-8000-000000000001/recordings",
        headers=HEADERS,
        body=json.dumps({"by": "kim"}),
    )

    assert handle(event, services_with(desk, tmp_path))["statusCode"] == 404
