"""What records the calls of a worker: begins each recording, ends it for who objects, brings it to its place."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from shared.adapters.recordings.keyring import Keyring
from shared.adapters.recordings.seal import Sealer
from shared.adapters.recordings.store import make_store
from shared.calls.recordings import recording_name
from shared.conversation import ActionResult, CallBrief
from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable
from shared.recording_settings import RecordingSettings
from voice_node.media.recording import OBJECTION, NoRecording, Recording
from voice_node.media.shelf import Shelf
from voice_node.media.tape import SealedTape

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 2.0
"""How long a caller may wait to hear that their recording is gone."""
DELIVER_SECONDS, AWAY_SECONDS = 1.0, 30.0


@dataclass(frozen=True, kw_only=True)
class Recorder:
    """Everything that recording a call needs. ``lane`` is one thread: what it is asked it does in that order."""

    shelf: Shelf
    keyring: Keyring
    clock: Clock
    lane: ThreadPoolExecutor = field(default_factory=partial(ThreadPoolExecutor, 1, thread_name_prefix="tape"))

    def begin(self, brief: CallBrief) -> Recording | NoRecording:
        """The recording of a call; none when it was not announced, or the person once objected."""
        if not brief.is_recorded:
            return NoRecording()
        name = recording_name(brief.attempt_id, part=brief.part, day=self.clock.now().date())
        tape = SealedTape(self.shelf.path(name), sealer=Sealer(self.keyring, name=name), lane=self.lane)
        return Recording(tape, name=name, is_announced=brief.part > 0)

    async def stop(self, brief: CallBrief, recording: Recording | NoRecording) -> ActionResult:
        """Record no more and delete everything of this call; ``UNKNOWN`` while some of it could not be deleted."""
        recording.purge(OBJECTION, at=self.clock.now())
        log.info("A recording was objected to", extra={"attempt": brief.attempt_id})
        gone = asyncio.get_running_loop().run_in_executor(self.lane, self._forget_all, brief, recording.name)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return ActionResult.DONE if await asyncio.shield(gone) else ActionResult.UNKNOWN
        except TimeoutError:
            return ActionResult.UNKNOWN

    async def deliver_on(self) -> None:
        """Bring recordings to their place, again and again until cancelled."""
        while True:
            is_done = await asyncio.to_thread(self.shelf.deliver)
            await asyncio.sleep(DELIVER_SECONDS if is_done else AWAY_SECONDS)

    def close(self) -> None:
        """Write what waits; calls must have ended."""
        self.lane.shutdown()

    def _forget_all(self, brief: CallBrief, own: str | None) -> bool:
        stays = (own,) if own is not None and self.shelf.has(own) else ()
        is_gone = True
        for name in (*brief.earlier_recordings, *stays):
            try:
                self.shelf.forget(name)
            except Unavailable:
                log.exception("A recording is to be deleted later", extra={"attempt": brief.attempt_id})
                is_gone = False
        return is_gone


def make_recorder(settings: RecordingSettings, *, folder: Path, clock: Clock) -> Recorder | None:
    """What records the calls of a worker that has the ``folder`` to itself; ``None`` when none is to be recorded.

    What an earlier life of the worker left is dealt with. A folder that cannot be used costs the recordings, not the
    calls.

    Raises:
        Malformed: The keys cannot be read.
    """
    store = make_store(settings)
    if store is None or not settings.is_on:
        if store is not None:
            log.warning("No call is recorded: there is no key for recordings")
        return None
    recorder = Recorder(
        shelf=Shelf(folder, store), keyring=Keyring.parse(settings.keys.get_secret_value()), clock=clock
    )
    try:
        recorder.shelf.settle()
    except OSError:
        log.exception("No call is recorded: the folder for recordings cannot be used")
        return None
    return recorder
