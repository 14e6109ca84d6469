"""Recordings reach their place whatever happens, and what must go goes everywhere."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from shared.adapters.memory.recordings import MemoryRecordings
from shared.adapters.recordings.seal import Sealer, unseal
from shared.conversation import ActionResult
from shared.kernel.errors import NotFound, Unavailable
from shared.recording_settings import RecordingSettings
from tests.voice_node.doubles import ATTEMPT, KEYRING, StillClock, make_brief
from voice_node.media.recorder import Recorder, make_recorder
from voice_node.media.recording import NoRecording, Recording
from voice_node.media.shelf import Shelf
from voice_node.media.tape import MOST_WAITING, SealedTape

NAME = f"2026/03/10/{ATTEMPT}.rec"
SECOND = bytes(32_000)


class Faraway(MemoryRecordings):
    """A place that cannot be reached while ``is_away``."""

    is_away = False

    def put(self, name: str, sound: bytes, *, media_type: str = "application/octet-stream") -> None:
        self._reach()
        super().put(name, sound)

    def delete(self, name: str) -> None:
        self._reach()
        super().delete(name)

    def _reach(self) -> None:
        if self.is_away:
            raise Unavailable("away")


@pytest.fixture
def store() -> Faraway:
    return Faraway()


@pytest.fixture
def recorder(tmp_path: Path, store: Faraway) -> Iterator[Recorder]:
    recorder = Recorder(shelf=Shelf(tmp_path / "shelf" / "w1", store), keyring=KEYRING, clock=StillClock())
    yield recorder
    recorder.close()


def begun(recorder: Recorder, **brief: object) -> Recording:
    recording = recorder.begin(make_brief(**brief))
    assert isinstance(recording, Recording)
    return recording


def settled(recorder: Recorder) -> None:
    """Once everything that was asked of the disk is done."""
    recorder.lane.submit(bool).result()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_call_becomes_one_sealed_file_in_its_place(recorder: Recorder, store: Faraway, tmp_path: Path) -> None:
    with begun(recorder) as recording:
        recording.announced()
        recording.caller(bytes(16_000 * 5))
    settled(recorder)

    assert recorder.shelf.deliver()
    assert files(tmp_path) == []
    sound = unseal(store.get(NAME), KEYRING, name=NAME)
    assert (sound.seconds, sound.is_whole) == (5.0, True)


def test_who_was_told_of_no_recording_is_not_recorded(recorder: Recorder) -> None:
    assert isinstance(recorder.begin(make_brief(is_recorded=False)), NoRecording)


def test_a_place_out_of_reach_keeps_the_recording_waiting(recorder: Recorder, store: Faraway) -> None:
    store.is_away = True
    with begun(recorder) as recording:
        recording.announced()
    settled(recorder)

    assert not recorder.shelf.deliver()
    store.is_away = False
    assert recorder.shelf.deliver()
    assert store.get(NAME)


def test_what_a_crash_left_is_kept_if_it_was_announced(recorder: Recorder, store: Faraway, tmp_path: Path) -> None:
    crashed = tmp_path / "after" / "w1"
    with begun(recorder) as announced, begun(recorder, attempt_id="b") as silent:
        announced.announced()
        for recording in (announced, silent):
            recording.caller(bytes(16_000 * 5))
        settled(recorder)
        shutil.copytree(tmp_path / "shelf" / "w1", crashed)

    next_life = Shelf(crashed, store)
    next_life.settle()
    next_life.deliver()

    assert files(crashed) == []
    assert not unseal(store.get(NAME), KEYRING, name=NAME).is_whole
    with pytest.raises(NotFound):
        store.get("2026/03/10/b.rec")


def test_what_a_neighbour_that_is_no_more_left_is_delivered(recorder: Recorder, store: Faraway, tmp_path: Path) -> None:
    neighbour = tmp_path / "shelf" / "w2"
    neighbour.mkdir(parents=True)
    (neighbour / NAME.replace("/", "+")).write_bytes(b"sealed")

    assert recorder.shelf.deliver()
    assert store.get(NAME) == b"sealed"


async def test_an_objection_deletes_every_part_of_the_call(recorder: Recorder, store: Faraway, tmp_path: Path) -> None:
    earlier = "2026/03/09/a.rec"
    store.put(earlier, b"sealed")
    brief = make_brief(part=1, earlier_recordings=(earlier,))
    recording = recorder.begin(brief)
    recording.caller(bytes(16_000 * 5))

    assert await recorder.stop(brief, recording) is ActionResult.DONE
    assert files(tmp_path) == []
    with pytest.raises(NotFound):
        store.get(earlier)


async def test_what_cannot_be_deleted_now_is_not_called_deleted_and_goes_later(
    recorder: Recorder, store: Faraway, tmp_path: Path
) -> None:
    earlier = "2026/03/09/a.rec"
    store.put(earlier, b"sealed")
    store.is_away = True
    brief = make_brief(part=1, earlier_recordings=(earlier,))

    assert await recorder.stop(brief, NoRecording()) is ActionResult.UNKNOWN
    assert not recorder.shelf.deliver()
    store.is_away = False
    assert recorder.shelf.deliver()
    assert files(tmp_path) == []
    with pytest.raises(NotFound):
        store.get(earlier)


def test_a_broken_disk_costs_the_recording_and_nothing_else(recorder: Recorder, tmp_path: Path) -> None:
    (tmp_path / "shelf").write_text("no folder")

    with begun(recorder) as recording:
        recording.announced()
        for _ in range(5):
            recording.caller(bytes(16_000))
        settled(recorder)
        assert recording.kept(StillClock().now()) == (None, None)


def test_a_disk_that_stands_still_does_not_fill_the_memory(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as lane:
        stands_still = lane.submit(Event().wait, 0.3)
        tape = SealedTape(tmp_path / "a.rec", sealer=Sealer(KEYRING, name="a"), lane=lane)
        for _ in range(MOST_WAITING + 5):
            tape.write(SECOND)
        assert tape.is_lost
        stands_still.result()

    assert files(tmp_path) == []


def test_a_worker_without_a_key_records_nothing(tmp_path: Path) -> None:
    settings = RecordingSettings(RECORDINGS=str(tmp_path / "kept"), RECORDING_KEYS="")

    assert make_recorder(settings, folder=tmp_path / "shelf", clock=StillClock()) is None
