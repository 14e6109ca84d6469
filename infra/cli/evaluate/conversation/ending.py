"""What a played call leaves: the report that the node would send home, and what it means."""

from dataclasses import dataclass
from datetime import datetime

from infra.cli.evaluate.conversation.minutes import Happening
from infra.cli.evaluate.conversation.text_call import TextCall
from shared.calls import AttemptState, CallAttempt, Direction, Purpose
from shared.conversation import CallReport, SpokenTurn
from shared.conversation.report import EndedBy
from shared.conversation.reporting import kept_turns, report_parts
from shared.outcomes import Disposition
from shared.outcomes.dispose import disposition_of

ENDLESS = "endless"


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A call that was played. ``appointment`` is the start of what stands in the calendar afterwards (UTC).

    ``turns`` counts the person's, ``seconds`` how long the first words of each reply took.
    """

    report: CallReport
    disposition: Disposition
    happenings: tuple[Happening, ...]
    seconds: tuple[float, ...]
    turns: int
    appointment: datetime | None
    bookings: int

    @property
    def agent_words(self) -> tuple[str, ...]:
        """Everything the agent said, line by line."""
        return tuple(each.text for each in self.happenings if each.who == "agent")

    @property
    def is_endless(self) -> bool:
        """Whether nobody ended it."""
        return self.report.end_reason == ENDLESS


def ended(call: TextCall) -> Ended:
    """The call as it ended, told and closed as a real one is."""
    report = _report(call)
    return Ended(
        report=report,
        disposition=disposition_of(_attempt(call, report), report),
        happenings=tuple(call.minutes.happenings),
        seconds=tuple(call.minutes.seconds),
        turns=call.minutes.turn,
        appointment=call.world.appointment,
        bookings=call.world.bookings,
    )


def _report(call: TextCall) -> CallReport:
    spoken = [each for each in call.minutes.happenings if each.who != "world"]
    turns = [
        SpokenTurn(
            number=number,
            speaker="agent" if each.who == "agent" else "caller",
            text=each.text,
            started=float(number),
            ended=float(number + 1),
        )
        for number, each in enumerate(spoken, start=1)
    ]
    ended_by: EndedBy = call.ended_by or "error"
    now = call.minutes.clock.now()
    return CallReport(
        **report_parts(call.state, call.brief),
        attempt_id=call.brief.attempt_id,
        worker="evaluation",
        epoch="1",
        started_at=call.began,
        ended_at=now,
        ended_by=ended_by,
        end_reason=call.end_reason or ENDLESS,
        turns=kept_turns(turns, call.state),
    )


def _attempt(call: TextCall, report: CallReport) -> CallAttempt:
    """The attempt as it stands when such a call is over."""
    brief, is_inbound = call.brief, call.brief.direction == "inbound"
    return CallAttempt(
        id=brief.attempt_id,
        seller_id=brief.seller_id,
        campaign_id=brief.campaign_id,
        lead_id=brief.lead_id,
        attempt_no=1,
        phone=brief.phone,
        caller_id=brief.callback_number,
        direction=Direction.INBOUND if is_inbound else Direction.OUTBOUND,
        purpose=Purpose.INBOUND if is_inbound else Purpose.FIRST,
        state=AttemptState.ENDED,
        planned_at=report.started_at,
        dial_deadline=report.started_at,
        dial_started_at=report.started_at,
        answered_at=report.started_at,
        streamed_at=report.started_at,
        ended_at=report.ended_at,
        provider_result="completed",
        duration_seconds=int((report.ended_at - report.started_at).total_seconds()),
    )
