"""A call that was really rung, told as a played one is: from its report, the calendar and the list of numbers."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from infra.cli.evaluate.conversation.ending import Ended
from infra.cli.evaluate.conversation.minutes import Happening
from shared.appointments import AppointmentStatus
from shared.calls import CallAttempt
from shared.conversation import CallReport
from shared.leads import Suppression, SuppressionReason
from shared.outcomes import Disposition
from shared.reports.summarise import AttemptRecord, LeadRecord

EARLY = timedelta(seconds=0.25)
"""Clocks of two processes may differ by so much."""


def ended_call(record: LeadRecord, suppressions: Sequence[Suppression], diary_lines: int) -> Ended | None:
    """The first call to the lead; ``None`` while nothing is told of it.

    ``diary_lines`` is how many turns the person really took.
    """
    told: AttemptRecord | None = next((each for each in record.attempts if each.report is not None), None)
    if told is None or told.report is None or told.disposition is None:
        return None
    standing = [each.starts_at for each in record.appointments if each.status is AppointmentStatus.BOOKED]
    latencies = [turn.latency_ms for turn in told.report.turns if turn.latency_ms is not None]
    return Ended(
        report=told.report,
        disposition=Disposition(told.disposition),
        happenings=tuple(_happenings(told.report, told.attempt, suppressions)),
        seconds=tuple(each / 1000 for each in latencies),
        turns=diary_lines,
        appointment=min(standing, default=None),
        bookings=len(record.appointments),
    )


def _happenings(
    report: CallReport, attempt: CallAttempt, suppressions: Iterable[Suppression]
) -> Iterable[Happening]:
    """What was said and done, by the clock."""
    found: list[tuple[datetime, Happening]] = []
    for turn in report.turns:
        at = report.started_at + timedelta(seconds=turn.started)
        who = "agent" if turn.speaker == "agent" else "person"
        found.append((at, Happening(who=who, text=turn.text, turn=0)))
    for each in suppressions:
        if each.phone == attempt.phone and each.reason is SuppressionReason.OPT_OUT:
            deed = Happening(who="world", text="the number is suppressed", turn=0, deed="opt_out")
            found.append((each.at - EARLY, deed))
    if report.off_the_record and report.recording_path is None:
        at = report.recording_purged_at or report.started_at
        deed = Happening(who="world", text="the recording is stopped and deleted", turn=0, deed="stop_recording")
        found.append((at, deed))
    return _counted(each for _, each in sorted(found, key=lambda pair: pair[0]))


def _counted(happenings: Iterable[Happening]) -> Iterable[Happening]:
    turn = 0
    for each in happenings:
        turn += each.who == "person"
        yield Happening(who=each.who, text=each.text, turn=turn, deed=each.deed)
