"""Prepared speech is found again, never grows beyond its bounds, and is never wrong."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import Unavailable
from tests.voice_node.speech.synthesis.voices import WordByWord, hum
from voice_node.speech.prepared.cache import REMOTE_REST_SECONDS, AudioCache, RemoteShelf
from voice_node.speech.prepared.entry import key_of, packed, unpacked
from voice_node.speech.prepared.shelves import DiskShelf, MemoryShelf
from voice_node.speech.voice import Voice

AVA = Voice(name="en-us+f2")
SOUND = unpacked(packed(hum(0.5)))
assert SOUND


class Shared:
    """Redis, as far as the cache sees it."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.asked = 0
        self.is_away = False
        self.hangs = False

    async def get(self, key: str) -> bytes | None:
        self.asked += 1
        if self.is_away:
            raise Unavailable("away")
        if self.hangs:
            await asyncio.Event().wait()
        return self.kept.get(key)

    async def put(self, key: str, kept: bytes) -> None:
        if self.is_away:
            raise Unavailable("away")
        self.kept[key] = kept


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def a_cache(
    *, remote: RemoteShelf | None = None, disk: DiskShelf | None = None, now: Clock | None = None
) -> AudioCache:
    return AudioCache(memory=MemoryShelf(1_000_000), remote=remote, disk=disk, now=now or Clock())


async def test_what_was_put_is_found_in_memory() -> None:
    cache = a_cache()
    assert await cache.get("k") is None
    await cache.put("k", hum(0.5))
    assert await cache.get("k") == SOUND
    assert (cache.hits, cache.misses) == (1, 1)


async def test_what_another_process_put_is_found_on_disk_and_in_redis(tmp_path: Path) -> None:
    disk, remote = DiskShelf(tmp_path, 1_000_000), Shared()
    await a_cache(disk=disk, remote=remote).put("k", hum(0.5))
    assert await a_cache(disk=disk).get("k") == SOUND
    assert await a_cache(remote=remote).get("k") == SOUND


async def test_what_names_a_person_stays_in_memory(tmp_path: Path) -> None:
    disk, remote = DiskShelf(tmp_path / "kept", 1_000_000), Shared()
    cache = a_cache(disk=disk, remote=remote)
    await cache.put("k", hum(0.5), is_personal=True)
    assert await cache.get("k") == SOUND
    assert remote.kept == {}
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("damage", [b"", b"RPA1", b"garbage" * 40, packed(hum(0.5))[:-1]])
async def test_a_damaged_file_is_a_miss_and_is_deleted(tmp_path: Path, damage: bytes) -> None:
    disk = DiskShelf(tmp_path, 1_000_000)
    disk.put("k", damage)
    assert await a_cache(disk=disk).get("k") is None
    assert list(tmp_path.iterdir()) == []


async def test_damage_in_redis_is_a_miss_that_the_disk_mends(tmp_path: Path) -> None:
    disk, remote = DiskShelf(tmp_path, 1_000_000), Shared()
    remote.kept["k"] = b"garbage"
    disk.put("k", packed(hum(0.5)))
    assert await a_cache(disk=disk, remote=remote).get("k") == SOUND


@pytest.mark.parametrize("fault", ["is_away", "hangs"])
async def test_redis_that_is_away_is_left_alone_for_a_while(fault: str) -> None:
    remote, clock = Shared(), Clock()
    setattr(remote, fault, True)
    cache = a_cache(remote=remote, now=clock)
    assert [await cache.get("k") for _ in range(3)] == [None] * 3
    assert remote.asked == 1
    clock.seconds += REMOTE_REST_SECONDS
    assert await cache.get("k") is None
    assert remote.asked == 2


def test_the_disk_deletes_what_was_used_longest_ago(tmp_path: Path) -> None:
    disk = DiskShelf(tmp_path, 250)
    for name in "abc":
        disk.put(name, bytes(100))
    assert disk.size() <= 250
    assert disk.get("c") == bytes(100)
    assert not list(tmp_path.glob("*.new"))


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    disk = DiskShelf(tmp_path / "file", 1_000)
    disk.put("k", b"x")
    assert disk.get("k") is None


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 60)), max_size=40))
def test_memory_never_holds_more_than_it_may(puts: list[tuple[str, int]]) -> None:
    shelf = MemoryShelf(100)
    for key, size in puts:
        shelf.put(key, bytes(size))
        assert shelf.size <= 100
        assert shelf.get(key) == bytes(size)


def test_the_key_tells_words_voices_engines_and_versions_apart() -> None:
    faster = Voice(name=AVA.name, words_per_minute=200)
    one, other, newer = WordByWord(), WordByWord(name="other"), WordByWord(version="2")
    keys = [key_of("Hi.", AVA, one), key_of("Ho.", AVA, one), key_of("Hi.", faster, one), key_of("Hi.", AVA, other)]
    assert len({*keys, key_of("Hi.", AVA, newer)}) == 5
    assert key_of("Hi.", AVA, WordByWord()) == keys[0]
