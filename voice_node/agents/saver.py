"""The saver behind the graph: in memory while the call goes on, in the spool at once, in Redis behind the speech."""

import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, Protocol

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.serde.base import SerializerProtocol

from shared.kernel.errors import Malformed, Unavailable
from shared.kernel.ids import AttemptId

log = logging.getLogger(__name__)


class Spool(Protocol):
    """The records of this machine. Implemented by ``call_spool.CallSpool``; what fails is logged there."""

    def put(self, call: AttemptId, part: int, record: bytes) -> None:
        """Append a record."""
        ...

    def get(self, call: AttemptId, part: int) -> bytes | None:
        """The newest record."""
        ...

    def forget(self, call: AttemptId, part: int) -> None:
        """Delete what is kept of a part."""
        ...


class Behind(Protocol):
    """The records that every node can read. Implemented by ``write_behind.WriteBehind``."""

    def put(self, call: AttemptId, part: int, record: bytes) -> None:
        """Have a record written."""
        ...

    def forget(self, call: AttemptId, part: int) -> None:
        """Have the whole call forgotten."""
        ...

    async def get(self, call: AttemptId, part: int) -> bytes | None:
        """The newest record.

        Raises:
            Unavailable: Nobody answers.
        """
        ...


def thread_of(call: AttemptId, part: int) -> RunnableConfig:
    """The configuration that names a part of a call as LangGraph does; it has a thread of its own."""
    return {"configurable": {"thread_id": f"{call}/{part}", "checkpoint_ns": ""}}


class CallSaver(BaseCheckpointSaver[int]):
    """Keeps the newest checkpoint of every thread; a call is never taken back to an earlier one.

    Writes of a step that is not over are kept in memory only: a turn that was not decided is decided again.

    Args:
        spool: This machine's records; ``None`` keeps none.
        behind: Those of all nodes; ``None`` keeps none.
        form: How a checkpoint is written.
    """

    def __init__(self, *, spool: Spool | None, behind: Behind | None, form: SerializerProtocol) -> None:
        super().__init__(serde=form)
        self._spool = spool
        self._behind = behind
        self._held: dict[str, CheckpointTuple | None] = {}

    def begin(self, config: RunnableConfig) -> None:
        """A thread begins here: nobody need be asked for it."""
        self._held[_thread(config)] = None

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Keep a checkpoint: it is in the spool when this returns."""
        thread = _thread(config)
        call, part = _parted(thread)
        kept = CheckpointTuple(_config(thread, checkpoint), checkpoint, metadata, None, [])
        self._held[thread] = kept
        form, body = self.serde.dumps_typed({"checkpoint": checkpoint, "metadata": metadata})
        record = form.encode() + b"\n" + body
        if self._spool is not None:
            self._spool.put(call, part, record)
        if self._behind is not None:
            self._behind.put(call, part, record)
        return kept.config

    def put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Keep writes that belong to the newest checkpoint of the thread, until the next one."""
        kept = self._held.get(_thread(config))
        if kept is not None and kept.pending_writes is not None:
            kept.pending_writes.extend((task_id, channel, value) for channel, value in writes)

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The newest checkpoint of a thread that is known to this machine."""
        thread = _thread(config)
        if thread in self._held:
            return _wanted(self._held[thread], config)
        call, part = _parted(thread)
        found = self._read(thread, self._spool.get(call, part)) if self._spool is not None else None
        if found is not None:
            self._held[thread] = found
        return _wanted(found, config)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The newest checkpoint of a thread, wherever it was written. A Redis that is away knows of none."""
        thread = _thread(config)
        found = self.get_tuple(config)
        if found is not None or thread in self._held or self._behind is None:
            return found
        call, part = _parted(thread)
        try:
            found = self._read(thread, await self._behind.get(call, part))
        except Unavailable:
            log.warning("Where a call stood cannot be asked of other nodes", extra={"attempt": call})
        if found is not None:
            self._held[thread] = found
        return _wanted(found, config)

    def list(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> Iterator[CheckpointTuple]:
        """The newest checkpoint of the thread, or of every thread in memory: there are no earlier ones."""
        threads = [_thread(config)] if config is not None else list(self._held)
        found = (self.get_tuple({"configurable": {"thread_id": thread}}) for thread in threads)
        kept = [each for each in found if each is not None and _fits(each, filter, before)]
        yield from kept[:limit]

    def delete_thread(self, thread_id: str) -> None:
        """Forget a part here; with it the whole call, where other nodes can read it."""
        self._held.pop(thread_id, None)
        call, part = _parted(thread_id)
        if self._spool is not None:
            self._spool.forget(call, part)
        if self._behind is not None:
            self._behind.forget(call, part)

    def let_go(self, config: RunnableConfig) -> None:
        """Drop a thread from memory; what was written of it stays."""
        self._held.pop(_thread(config), None)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """As ``put``: it waits for nothing."""
        return self.put(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """As ``put_writes``."""
        self.put_writes(config, writes, task_id, task_path)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """As ``list``, and what other nodes wrote of the one thread."""
        if config is not None:
            await self.aget_tuple(config)
        for each in self.list(config, filter=filter, before=before, limit=limit):
            yield each

    async def adelete_thread(self, thread_id: str) -> None:
        """As ``delete_thread``."""
        self.delete_thread(thread_id)

    def _read(self, thread: str, record: bytes | None) -> CheckpointTuple | None:
        """What a record holds; one that cannot be read counts as none, and is told of."""
        if record is None:
            return None
        form, _, body = record.partition(b"\n")
        try:
            kept = self.serde.loads_typed((form.decode(errors="replace"), body))
        except Malformed:
            log.exception("Where a call stood cannot be read", extra={"attempt": _parted(thread)[0]})
            return None
        checkpoint: Checkpoint = kept["checkpoint"]
        return CheckpointTuple(_config(thread, checkpoint), checkpoint, kept["metadata"], None, [])


def _thread(config: RunnableConfig) -> str:
    return str(config["configurable"]["thread_id"])


def _parted(thread: str) -> tuple[AttemptId, int]:
    call, _, part = thread.rpartition("/")
    return AttemptId(call), int(part)


def _config(thread: str, checkpoint: Checkpoint) -> RunnableConfig:
    return {"configurable": {"thread_id": thread, "checkpoint_ns": "", "checkpoint_id": checkpoint["id"]}}


def _wanted(found: CheckpointTuple | None, config: RunnableConfig) -> CheckpointTuple | None:
    """The checkpoint, unless another than the newest is asked for."""
    wanted = config["configurable"].get("checkpoint_id")
    return found if found is None or wanted in (None, found.checkpoint["id"]) else None


def _fits(found: CheckpointTuple, filter: dict[str, Any] | None, before: RunnableConfig | None) -> bool:
    metadata: dict[str, Any] = dict(found.metadata)
    is_early = before is None or found.checkpoint["id"] < before["configurable"].get("checkpoint_id", "")
    return is_early and all(metadata.get(key) == value for key, value in (filter or {}).items())
