"""One call as text: the node's own driver and desk on one side, a simulated person's mind on the other."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from infra.simulator.people.mind import Mind
from infra.simulator.people.persona import Persona
from shared.conversation import ActionResult, CallBrief, CallReport, Move, OpenSlot, SpokenTurn
from shared.conversation.phrasing import say
from shared.conversation.report import EndedBy, ReportedUsage
from shared.conversation.reporting import report_parts
from shared.conversation.script import load_script
from shared.costs import Component, Unit
from shared.kernel.clock import Clock
from shared.kernel.ids import AppointmentId, AttemptId
from voice_node.agents.driver import Driver
from voice_node.agents.graph import GraphDecider
from voice_node.desk import Desk

MOST_TURNS = 60
SECONDS_PER_TURN = 2.0


@dataclass
class Transcript:
    """Who said what, in order."""

    turns: list[SpokenTurn] = field(default_factory=list)

    def add(self, speaker: str, text: str) -> None:
        """Write down one utterance."""
        started = SECONDS_PER_TURN * len(self.turns)
        turn = {"number": len(self.turns) + 1, "speaker": speaker, "text": text}
        self.turns.append(SpokenTurn.model_validate({**turn, "started": started, "ended": started + SECONDS_PER_TURN}))


@dataclass(frozen=True)
class Unrecorded:
    """What can be done during a call that nothing records."""

    desk: Desk

    async def opt_out(self, brief: CallBrief, words: str) -> ActionResult:
        """Suppress the number."""
        return await self.desk.opt_out(brief, words)

    async def book(self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId) -> ActionResult:
        """Book a slot."""
        return await self.desk.book(brief, slot, appointment_id)

    async def move(
        self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId, *, instead_of: AppointmentId | None
    ) -> ActionResult:
        """Book a slot in place of an appointment."""
        return await self.desk.move(brief, slot, appointment_id, instead_of=instead_of)

    async def cancel(self, brief: CallBrief, appointment_id: AppointmentId | None) -> ActionResult:
        """Cancel an appointment."""
        return await self.desk.cancel(brief, appointment_id)

    async def stop_recording(self, brief: CallBrief) -> ActionResult:
        """There is no recording."""
        return ActionResult.DONE


async def talk(
    attempt_id: AttemptId, person: Persona, *, desk: Desk, clock: Clock, lasts: timedelta, worker: str = "w1"
) -> CallReport:
    """Hold the call and tell how it went; bookings and opt-outs are written by the desk while it goes on."""
    brief, began = await desk.brief(attempt_id), clock.now()
    transcript = Transcript()
    driver = Driver(brief, decider=GraphDecider(), actions=Unrecorded(desk), clock=clock)
    transcript.add("agent", brief.opening_text)
    transcript.add("caller", person.greeting)
    ended_by = await _converse(driver, Mind(person), person, brief, transcript)
    answered = [turn.number for turn in transcript.turns if turn.speaker == "caller"]
    return CallReport(
        **report_parts(driver.state, brief, turn_numbers=answered),
        attempt_id=attempt_id,
        worker=worker,
        epoch="e1",
        started_at=began,
        ended_at=began + lasts,
        ended_by=ended_by,
        end_reason="goodbye",
        turns=tuple(transcript.turns),
        usage=_usage(transcript, lasts),
    )


async def _converse(driver: Driver, mind: Mind, person: Persona, brief: CallBrief, transcript: Transcript) -> EndedBy:
    """Take turns until somebody hangs up."""
    is_machine = person.telephone == "voicemail"
    moves = driver.machine("machine_end_beep") if is_machine else driver.open(person.greeting)
    silences = 0
    while len(transcript.turns) < MOST_TURNS:
        said, is_over = await _spoken(moves, brief, transcript)
        if is_over:
            return "agent"
        answer = mind.answer(said) or (mind.fallback() if said.rstrip().endswith("?") else None)
        if answer is None:
            silences += 1
            moves = driver.silence(silences)
        else:
            silences = 0
            transcript.add("caller", answer)
            moves = driver.heard(answer)
    return "caller"


async def _spoken(moves: AsyncIterator[Move], brief: CallBrief, transcript: Transcript) -> tuple[str, bool]:
    """What the agent says now, and whether it hangs up afterwards."""
    said: list[str] = []
    is_over = False
    async for move in moves:
        lines = say(move.lines, state=move.state, brief=brief, script=load_script(brief.script))
        said.extend(lines)
        is_over = move.ends_call
        for line in lines:
            transcript.add("agent", line)
    return " ".join(said), is_over


def _usage(transcript: Transcript, lasts: timedelta) -> tuple[ReportedUsage, ...]:
    """What the node's meter would have counted."""
    seconds = Decimal(str(lasts.total_seconds()))
    characters = Decimal(sum(len(turn.text) for turn in transcript.turns if turn.speaker == "agent"))
    counted = (
        (Component.MEDIA_STREAM, "twilio", seconds, Unit.SECOND),
        (Component.COMPUTE, "local", seconds, Unit.SECOND),
        (Component.SPEECH_TO_TEXT, "pocketsphinx", seconds / 2, Unit.SECOND),
        (Component.TEXT_TO_SPEECH, "espeak", characters, Unit.CHARACTER),
    )
    return tuple(
        ReportedUsage(component=component, vendor=vendor, quantity=quantity, unit=unit)
        for component, vendor, quantity, unit in counted
    )
