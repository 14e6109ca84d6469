"""One call, from the open socket to the report home."""

import asyncio
import logging
from contextlib import ExitStack, aclosing

from pipecat.frames.frames import ErrorFrame
from pipecat.workers.runner import WorkerRunner

from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId
from voice_node.call import Call, LineClock, put_together
from voice_node.events import HangUpOrdered, LineGone, MachineDetected, PipelineFailed
from voice_node.kit import CallKit
from voice_node.line import PEER_GONE, PEER_STUCK, Line
from voice_node.minutes import Ending, Minutes
from voice_node.pipeline import build_worker
from voice_node.reporting import empty_report, report_of
from voice_node.telling import Telling

log = logging.getLogger(__name__)


async def hold_call(line: Line, attempt_id: AttemptId, *, kit: CallKit) -> None:
    """Fetch the brief, hold the conversation, report; the report always leaves.

    When something breaks, the line closes without the call being hung up, so that the carrier's recovery acts.
    """
    now, started_at = LineClock(), kit.clock.now()
    telling = Telling(kit.desk)
    call: Call | None = None
    ending, brief_after = Ending(by="error", reason="broken"), 0.0
    with ExitStack() as closing:
        try:
            brief = await kit.desk.brief(attempt_id, line.part)
            brief_after = now()
            minutes = Minutes(brief=brief, call_sid=line.call_sid, started_at=started_at)
            memory = await kit.memories.begin(brief, lambda: minutes.in_order()[0])
            minutes.earlier = memory.before.turns if memory.before is not None else ()
            call = put_together(line, minutes, kit=kit, now=now, closing=closing)
            ending = await _converse(call, telling, kit=kit)
        except Exception:
            log.exception("A call broke", extra={"attempt": attempt_id, "call_sid": line.call_sid})
    if call is None:
        part, ended_at = line.part, kit.clock.now()
        report = empty_report(attempt_id, part=part, name=kit.name, started_at=started_at, ended_at=ended_at)
    else:
        report = report_of(call, ending, kit=kit)
    report = await telling.tell(report)
    kit.memories.over(report)
    log.info(
        "Call over",
        extra={
            "attempt": attempt_id,
            "call_sid": line.call_sid,
            "ended_by": ending.by,
            "reason": ending.reason,
            "seconds": round(now(), 1),
            "turns": len(report.turns),
            "brief_ms": round(brief_after * 1_000, 1),
            "first_audio_ms": report.first_audio_ms,
        },
    )


async def _converse(call: Call, telling: Telling, *, kit: CallKit) -> Ending:
    """Run the pipeline and the dialogue until the call is over; report and hang up when it is us who end it."""
    worker = build_worker(call.processors)
    runner = WorkerRunner(handle_sigint=False, check_dangling_tasks=False)
    is_running = asyncio.Event()

    async def started(*_: object) -> None:
        is_running.set()

    async def failed(_: object, frame: ErrorFrame) -> None:
        log.error("A processor failed", extra={"call_sid": call.line.call_sid, "processor": str(frame.processor)})
        if frame.processor is not None and not frame.processor.is_usable:
            call.dialogue.inbox.put_nowait(PipelineFailed(fault=str(frame.processor)))

    async def gone(*_: object) -> None:
        call.dialogue.inbox.put_nowait(LineGone())

    async def stuck(*_: object) -> None:
        call.dialogue.inbox.put_nowait(PipelineFailed(fault="the line takes nothing any more"))

    worker.add_event_handler("on_pipeline_started", started)
    worker.add_event_handler("on_pipeline_error", failed)
    call.stream.add_event_handler(PEER_GONE, gone)
    call.stream.add_event_handler(PEER_STUCK, stuck)
    await runner.add_workers(worker)
    running = asyncio.create_task(runner.run())
    obeying = asyncio.create_task(_obey(call, kit))
    try:
        async with asyncio.timeout(10):
            await is_running.wait()
        ending = await call.dialogue.hold()
        if ending.by == "agent":
            await telling.tell_first(report_of(call, ending, kit=kit))
            await _let_go(call, ending, kit)
        return ending
    finally:
        obeying.cancel()
        await runner.cancel()
        await running


async def _let_go(call: Call, ending: Ending, kit: CallKit) -> None:
    """Put the caller through to a person, or hang up."""
    if ending.transfer_to is not None:
        try:
            await kit.transfer(call.line.call_sid, ending.transfer_to)
        except Unavailable:
            log.exception("The carrier does not put the call through", extra={"call_sid": call.line.call_sid})
        else:
            return
    try:
        await kit.hang_up(call.line.call_sid)
    except Unavailable:
        # The socket closes all the same, and the carrier's recovery ends the call.
        log.exception("The carrier did not end the call", extra={"call_sid": call.line.call_sid})


async def _obey(call: Call, kit: CallKit) -> None:
    """Hand commands from outside to the dialogue: ``amd:<verdict>`` and ``hang_up``."""
    async with aclosing(kit.live.commands(call.brief.attempt_id)) as commands:
        async for command in commands:
            name, _, detail = command.partition(":")
            if name == "amd":
                call.dialogue.inbox.put_nowait(MachineDetected(verdict=detail))
            elif name == "hang_up":
                call.dialogue.inbox.put_nowait(HangUpOrdered())
