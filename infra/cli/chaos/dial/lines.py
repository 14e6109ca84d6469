"""The life of a call at the carrier: it rings, somebody answers or nobody does, our doors are asked and told."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from infra.cli.chaos.dial.carrier import ModelCall
from infra.cli.chaos.dial.doors import Doors
from infra.cli.chaos.dial.faults import Dice
from infra.cli.chaos.dial.findings import Findings
from infra.cli.chaos.dial.judge import Judge
from infra.cli.chaos.dial.node import ModelNode
from infra.cli.chaos.dial.society import Person, Society
from infra.cli.chaos.dial.timeline import Timeline

NO_SERVICE = 503
WAY_SECONDS = (0.05, 1.5)
LATE_SECONDS = (20.0, 400.0)
STREAM_ANSWER = "<Connect"


@dataclass(frozen=True, kw_only=True)
class Lines:
    """``Life`` of the model carrier's calls."""

    dice: Dice
    timeline: Timeline
    doors: Doors
    judge: Judge
    society: Society
    node: ModelNode
    findings: Findings
    last_fact: dict[str, datetime]

    def begins(self, call: ModelCall, queue_seconds: float) -> None:
        """Wait in the queue, then ring."""
        self.timeline.after(queue_seconds + self.dice.between(0.1, 0.5), lambda: self._initiated(call))

    def ends(self, call: ModelCall, status: str) -> None:
        """Over; what comes later comes too late."""
        if call.is_over:
            return
        call.status, call.ended_at = status, self.timeline.now()
        self.last_fact[call.dial.attempt_id] = call.ended_at
        self._note(call, f"ended: {status}, {call.duration_seconds} s")
        self.node.loses(call)
        codes = {"busy": "486", "no-answer": "487", "failed": str(NO_SERVICE), "canceled": "487"}
        duration = str(call.duration_seconds or 0)
        self._tell(call, "status", CallStatus=status, CallDuration=duration, SipResponseCode=codes.get(status, "200"))

    def _initiated(self, call: ModelCall) -> None:
        if call.is_over:
            return
        call.status = "initiated"
        self._tell(call, "status", CallStatus="initiated")
        self.timeline.after(self.dice.between(0.3, 2), lambda: self._rings(call))

    def _rings(self, call: ModelCall) -> None:
        if call.is_over:
            return
        call.status = "ringing"
        self.judge.rings(call.dial.attempt_id, call.dial.to, self.timeline.now())
        self._tell(call, "status", CallStatus="ringing")
        person = self.society.people[call.dial.to]
        rings_for = call.dial.ring_timeout.total_seconds()
        if self.dice.happens(person.answers):
            self.timeline.after(self.dice.between(1, rings_for - 1), lambda: self._answered(call))
            return
        status = self._unanswered(person)
        after = rings_for if status == "no-answer" else self.dice.between(0.5, 3)
        self.timeline.after(after, lambda: self.ends(call, status))

    def _unanswered(self, person: Person) -> str:
        if self.dice.happens(person.busy):
            return "busy"
        return "failed" if self.dice.happens(0.05) else "no-answer"

    def _answered(self, call: ModelCall) -> None:
        if call.is_over:
            return
        call.status, call.answered_at = "in-progress", self.timeline.now()
        call.answered_by = self.dice.one_of(("human", "human", "human", "machine_start", "unknown"))
        self._tell(call, "status", CallStatus="in-progress")
        if self.dice.happens(self.dice.faults.answer_twice):
            self.timeline.after(self.dice.between(0.1, 3), lambda: self._asks(call, "answer"))
        self.timeline.after(self.dice.between(0.05, 0.3), lambda: self._asks(call, "answer"))
        limit = call.dial.time_limit.total_seconds()
        self.timeline.after(limit, lambda: self.ends(call, "completed"))

    def _asks(self, call: ModelCall, door: str) -> None:
        """Our instructions for an answered call. Without any the carrier plays its last word and hangs up."""
        if call.is_over:
            return
        answer = self.doors.ask(door, call.dial.attempt_id, self._form(call))
        if call.is_over:  # it ended while we thought
            return
        if answer is None or STREAM_ANSWER not in answer:
            self._note(call, f"{door}: {'nobody answered' if answer is None else 'told to hang up'}")
            if not self.node.holds(call):
                self.timeline.after(1, lambda: self.ends(call, "completed"))
            return
        self._note(call, f"{door}: connected")
        self._tell(call, "amd", AnsweredBy=call.answered_by or "unknown", seconds=self.dice.between(2, 6))
        if self.node.takes(call, answer, hang_up=self.ends, lost=lambda it: self._asks(it, "recover")):
            stream = f"MZ{self.dice.bits(64):032x}"
            self._tell(call, "stream", StreamSid=stream, StreamEvent="stream-started")

    def _tell(self, call: ModelCall, kind: str, *, seconds: float = 0.0, **fields: str) -> None:
        """A callback: lost, doubled, late, or overtaken by the next one."""
        form = self._form(call, Timestamp=format_datetime(self.timeline.now()), **fields)
        if kind == "status":
            form["SequenceNumber"] = str(call.events)
            call.events += 1
        is_lost = self.dice.happens(self.dice.faults.callback_lost)
        if is_lost or (kind == "stream" and self.dice.happens(self.dice.faults.stream_callback_lost)):
            return
        for _ in range(2 if self.dice.happens(self.dice.faults.callback_twice) else 1):
            way = LATE_SECONDS if self.dice.happens(self.dice.faults.callback_late) else WAY_SECONDS
            self.timeline.after(
                seconds + self.dice.between(*way), lambda: self.doors.tell(kind, call.dial.attempt_id, form)
            )

    def _form(self, call: ModelCall, **fields: str) -> dict[str, str]:
        return {"CallSid": call.sid, "To": call.dial.to, "From": call.dial.caller_id, **fields}

    def _note(self, call: ModelCall, what: str) -> None:
        self.findings.tell(call.dial.attempt_id, self.timeline.now(), f"carrier: {call.sid[:6]} {what}")
