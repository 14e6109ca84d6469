"""Voice workers in virtual time: they take calls that our answer sends them, talk, and report, sometimes late."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import get_args

from infra.cli.chaos.dial.carrier import ModelCall
from infra.cli.chaos.dial.faults import Dice
from infra.cli.chaos.dial.findings import Findings, Wrong
from infra.cli.chaos.dial.room import SimulatedRoom
from infra.cli.chaos.dial.timeline import Timeline
from shared.calls.token import BadToken, check_token
from shared.conversation import CallReport
from shared.conversation.report import EndedBy, HeardAs
from shared.kernel.ids import AttemptId

SOCKET = re.compile(r'url="[^"]*/w/([^/"]+)/([^/"]+)"')
TOKEN = re.compile(r'name="token" value="([^"]+)"')
PART = re.compile(r'name="recovered" value="(\d+)"')
PEOPLE_SHARE = 0.6
NOT_PEOPLE: tuple[HeardAs, ...] = tuple(word for word in get_args(HeardAs) if word != "human")
LATE_SECONDS = (30.0, 550.0)


@dataclass(kw_only=True)
class _Talk:
    """One stream of a call."""

    call: ModelCall
    worker: str
    epoch: str
    part: int
    began: datetime
    hang_up: Callable[[ModelCall, str], None]
    lost: Callable[[ModelCall], None]


@dataclass(kw_only=True)
class ModelNode:
    """Every worker of the world. ``hears`` learns at once what a person said, ``report`` when the spool is through."""

    dice: Dice
    timeline: Timeline
    room: SimulatedRoom
    findings: Findings
    secret: str
    hears: Callable[[CallReport, str], None]
    report: Callable[[CallReport], None]
    _talks: dict[str, _Talk] = field(default_factory=dict)
    _first: dict[str, str] = field(default_factory=dict)

    def takes(
        self,
        call: ModelCall,
        answer: str,
        *,
        hang_up: Callable[[ModelCall, str], None],
        lost: Callable[[ModelCall], None],
    ) -> bool:
        """Open the socket, if the token does and the worker lives; whether a conversation goes on from here."""
        attempt_id = call.dial.attempt_id
        socket, token, part = SOCKET.search(answer), TOKEN.search(answer), PART.search(answer)
        assert socket is not None
        assert token is not None
        assert part is not None
        first = self._first.setdefault(attempt_id, call.sid)
        if first != call.sid:
            text = f"attempt {attempt_id} was let through for {first[:6]} and for {call.sid[:6]}"
            self.findings.found(Wrong.TWO_CONVERSATIONS, text, attempt_id=attempt_id)
        if call.sid in self._talks:
            return False
        worker, now = socket[1], self.timeline.now()
        lease = self.room.lease_of(worker)
        if lease is None or not self._opens(token[1], attempt_id, worker, lease.epoch):
            self.timeline.after(0.5, lambda: lost(call))
            return False
        talk = _Talk(
            call=call,
            worker=worker,
            epoch=lease.epoch,
            part=int(part[1]),
            began=now,
            hang_up=hang_up,
            lost=lost,
        )
        self._talks[call.sid] = talk
        self.room.goes_live(attempt_id, worker, now + call.dial.time_limit + timedelta(seconds=10))
        self.timeline.after(self._lasts(call), lambda: self._over(talk))
        return True

    def holds(self, call: ModelCall) -> bool:
        """Whether it is talked in."""
        return call.sid in self._talks

    def loses(self, call: ModelCall) -> None:
        """The carrier says that the call is over."""
        talk = self._talks.pop(call.sid, None)
        if talk is not None:
            self.room.release(AttemptId(call.dial.attempt_id), worker=talk.worker)
            self._reports(talk, self.dice.one_of(("agent", "caller")))

    def worker_dies(self, worker: str) -> None:
        """Its calls lose their stream; the people are still there."""
        self.room.dies(worker)
        for talk in list(self._talks.values()):
            if talk.worker == worker:
                self._breaks(talk)

    def _opens(self, token: str, attempt_id: AttemptId, worker: str, epoch: str) -> bool:
        now = self.timeline.now()
        try:
            check_token(self.secret, token, attempt_id=attempt_id, worker=worker, epoch=epoch, now=now)
        except BadToken:
            return False
        return True

    def _lasts(self, call: ModelCall) -> float:
        limit = call.dial.time_limit.total_seconds()
        return self.dice.between(2, limit + 5 if self.dice.happens(0.1) else limit / 2)

    def _over(self, talk: _Talk) -> None:
        if self._talks.get(talk.call.sid) is not talk:
            return
        if self.dice.happens(self.dice.faults.stream_breaks):
            self._breaks(talk)
        else:
            talk.hang_up(talk.call, "completed")

    def _breaks(self, talk: _Talk) -> None:
        """The stream is gone; the carrier asks what to do with the person."""
        del self._talks[talk.call.sid]
        self.room.release(AttemptId(talk.call.dial.attempt_id), worker=talk.worker)
        self._reports(talk, "error")
        self.timeline.after(0.3, lambda: talk.lost(talk.call))

    def _reports(self, talk: _Talk, ended_by: EndedBy) -> None:
        """Write what was heard to the spool; from there it reaches the cloud, perhaps twice, perhaps much later."""
        is_person = self.dice.happens(PEOPLE_SHARE)
        said = self.dice.between(0, 1) if is_person and ended_by != "error" else 1.0
        report = CallReport(
            attempt_id=AttemptId(talk.call.dial.attempt_id),
            part=talk.part,
            worker=talk.worker,
            epoch=talk.epoch,
            started_at=talk.began,
            ended_at=self.timeline.now(),
            ended_by=ended_by,
            end_reason="done",
            heard="human" if is_person else self.dice.one_of(NOT_PEOPLE),
            opted_out=said < 0.06,
            wrong_number=0.06 <= said < 0.08,
            not_interested=0.08 <= said < 0.14,
            callback_at=self.timeline.now() + timedelta(hours=2) if 0.14 <= said < 0.22 else None,
        )
        self.hears(report, talk.call.dial.to)
        late = self.dice.between(*LATE_SECONDS) if self.dice.happens(self.dice.faults.report_late) else 0.0
        for _ in range(2 if late else 1):
            self.timeline.after(late + self.dice.between(0.1, 2), lambda: self.report(report))
