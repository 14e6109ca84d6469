"""The saver behind the graph: the newest checkpoint in memory, spool and Redis, sealed, and never in a call's way."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from langgraph.checkpoint.base import empty_checkpoint
from pydantic import SecretStr

from shared.conversation import ConversationState, Fact
from shared.kernel.errors import Malformed, Unavailable
from shared.kernel.ids import AttemptId
from voice_node.agents.checkpoint_form import CallForm, sealed_form
from voice_node.agents.saver import CallSaver, thread_of
from voice_node.agents.write_behind import WriteBehind
from voice_node.call_spool import CallSpool

CALL = AttemptId("0195a000-0000-7000-8000-000000000001")
THREAD = thread_of(CALL, 0)
SECRET = SecretStr("a secret that all nodes share")
QUOTE = "my wife decides with me"
STATE = ConversationState(facts={"decision_makers": Fact(field="decision_makers", value="shared", turn=2, quote=QUOTE)})


@dataclass
class Shelf:
    """``SavedCalls`` in memory; ``is_away`` makes it unreachable."""

    kept: dict[tuple[AttemptId, int], bytes] = field(default_factory=dict)
    is_away: bool = False
    asked: int = 0

    async def put(self, call: AttemptId, part: int, record: bytes) -> None:
        self._reach()
        self.kept[call, part] = record

    async def get(self, call: AttemptId, part: int) -> bytes | None:
        self._reach()
        return self.kept.get((call, part))

    async def forget(self, call: AttemptId) -> None:
        self._reach()
        self.kept = {key: record for key, record in self.kept.items() if key[0] != call}

    def _reach(self) -> None:
        self.asked += 1
        if self.is_away:
            raise Unavailable("Redis is away")


async def written(behind: WriteBehind) -> None:
    """Let what waits be written."""
    writing = asyncio.create_task(behind.write_on())
    await behind.written()
    writing.cancel()


def checkpoint(state: ConversationState = STATE):  # type: ignore[no-untyped-def]
    return {**empty_checkpoint(), "channel_values": {"state": state}, "channel_versions": {"state": 1}}


def saver(folder: Path, behind: WriteBehind | None = None, *, secret: SecretStr = SECRET) -> CallSaver:
    return CallSaver(spool=CallSpool(folder, worker="w1"), behind=behind, form=sealed_form(secret))


async def test_the_newest_checkpoint_is_found_in_memory_and_by_another_process(tmp_path: Path) -> None:
    first = saver(tmp_path)
    first.begin(THREAD)
    await first.aput(THREAD, checkpoint(ConversationState()), {"source": "update", "step": 0, "parents": {}}, {})
    newest = await first.aput(THREAD, checkpoint(), {"source": "update", "step": 1, "parents": {}}, {})

    for each in (first, saver(tmp_path)):
        found = await each.aget_tuple(THREAD)
        assert found is not None
        assert found.config == newest
        assert found.checkpoint["channel_values"] == {"state": STATE}
        assert found.metadata["step"] == 1
        assert [kept.config async for kept in each.alist(THREAD)] == [newest]
        assert [kept.config for kept in each.list(THREAD, filter={"step": 2})] == []


async def test_a_node_without_the_spool_finds_it_in_redis(tmp_path: Path) -> None:
    behind = WriteBehind(Shelf())
    saver(tmp_path / "here", behind).put(THREAD, checkpoint(), {}, {})
    await written(behind)

    found = await saver(tmp_path / "elsewhere", behind).aget_tuple(THREAD)

    assert found is not None
    assert found.checkpoint["channel_values"] == {"state": STATE}


async def test_nobodys_words_can_be_read_outside(tmp_path: Path) -> None:
    shelf = Shelf()
    behind = WriteBehind(shelf)
    saver(tmp_path, behind).put(THREAD, checkpoint(), {}, {})
    await written(behind)

    outside = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] + list(shelf.kept.values())
    assert len(outside) == 2
    assert not [each for each in outside if b"wife" in each or b"decision" in each]


async def test_what_another_installation_sealed_counts_as_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    saver(tmp_path, secret=SecretStr("another secret of another house")).put(THREAD, checkpoint(), {}, {})

    assert await saver(tmp_path).aget_tuple(THREAD) is None
    assert "cannot be read" in caplog.text


def test_only_what_we_write_comes_out_of_a_checkpoint() -> None:
    form = CallForm()

    with pytest.raises(Malformed):
        form.loads_typed(("call-1", b'{"message": "SecretStr", "body": {}}'))
    with pytest.raises(Malformed):
        form.loads_typed(("call-1", b'{"message": "ConversationState", "body": {"strange": 1}}'))
    with pytest.raises(Malformed):
        form.loads_typed(("msgpack", b""))
    with pytest.raises(TypeError):
        form.dumps_typed({"path": Path()})


async def test_a_redis_that_fails_is_logged_once_and_gets_the_newest_when_it_is_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf(is_away=True)
    behind = WriteBehind(shelf, away_seconds=0.01)
    mine = saver(tmp_path, behind)
    writing = asyncio.create_task(behind.write_on())
    for _ in range(3):
        mine.put(THREAD, checkpoint(ConversationState()), {}, {})
        await asyncio.sleep(0.02)
    mine.put(THREAD, checkpoint(), {}, {})
    shelf.is_away = False
    await behind.written()
    writing.cancel()

    assert caplog.text.count("cannot be written for other nodes") == 1
    found = await saver(tmp_path / "elsewhere", behind).aget_tuple(THREAD)
    assert found is not None
    assert found.checkpoint["channel_values"] == {"state": STATE}


async def test_writing_ends_when_it_is_told_to_even_where_redis_makes_an_error_of_that() -> None:
    class Busy(Shelf):
        async def put(self, call: AttemptId, part: int, record: bytes) -> None:
            self.asked += 1
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError as cancelled:
                raise Unavailable("the connection was closed") from cancelled

    shelf = Busy()
    behind = WriteBehind(shelf)
    writing = asyncio.create_task(behind.write_on())
    behind.put(CALL, 0, b"one")
    while not shelf.asked:  # noqa: ASYNC110 - it begins in a step or two
        await asyncio.sleep(0)
    writing.cancel()

    async with asyncio.timeout(5):
        await asyncio.gather(writing, return_exceptions=True)
    assert writing.cancelled()


async def test_a_redis_that_is_away_knows_of_no_call(tmp_path: Path) -> None:
    assert await saver(tmp_path, WriteBehind(Shelf(is_away=True))).aget_tuple(THREAD) is None


async def test_a_call_that_begins_here_asks_nobody(tmp_path: Path) -> None:
    shelf = Shelf()
    mine = saver(tmp_path, WriteBehind(shelf))

    mine.begin(THREAD)

    assert await mine.aget_tuple(THREAD) is None
    assert shelf.asked == 0


async def test_a_thread_that_is_deleted_is_nowhere(tmp_path: Path) -> None:
    shelf = Shelf()
    behind = WriteBehind(shelf)
    mine = saver(tmp_path, behind)
    mine.put(THREAD, checkpoint(), {}, {})
    await written(behind)
    mine.put(THREAD, checkpoint(), {}, {})

    await mine.adelete_thread(THREAD["configurable"]["thread_id"])
    await written(behind)

    assert await saver(tmp_path, behind).aget_tuple(THREAD) is None
    assert shelf.kept == {}


async def test_writes_of_a_step_in_flight_belong_to_the_newest_checkpoint(tmp_path: Path) -> None:
    mine = saver(tmp_path)
    mine.begin(THREAD)
    await mine.aput(THREAD, checkpoint(), {}, {})
    await mine.aput_writes(THREAD, [("text", "yes")], "task")
    found = await mine.aget_tuple(THREAD)
    await mine.aput(THREAD, checkpoint(), {}, {})
    following = await mine.aget_tuple(THREAD)

    assert found is not None
    assert following is not None
    assert (found.pending_writes, following.pending_writes) == ([("task", "text", "yes")], [])
