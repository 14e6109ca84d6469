"""A call that was really rung, told as a played one is: from its report, the calendar and the list of numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from infra.cli.evaluate.conversation.ending import Ended
from infra.cli.evaluate.conversation.minutes import Happening
from shared.appointments import AppointmentStatus
from shared.calls import CallAttempt
from shared.conversation import CallReport
from shared.leads import Suppression, SuppressionReason
from shared.outcomes import Disposition
from shared.reports.summarise import AttemptRecord, LeadRecord

SAME_BREATH = timedelta(seconds=4)
"""So long somebody may go on with the sentence in which they ask for no more calls."""
OPT_OUTS = (SuppressionReason.OPT_OUT,)


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


def _happenings(report: CallReport, attempt: CallAttempt, suppressions: Iterable[Suppression]) -> Iterable[Happening]:
    """What was said and done, by the clock.

    A wish for no more calls is acted on while it is still being said: its turn counts from its beginning, what they
    say at the same moment belongs to it, and the agent's turns count from where they begin.
    """
    found: list[tuple[datetime, Happening]] = []
    written = [each.at for each in suppressions if each.phone == attempt.phone and each.reason in OPT_OUTS]
    for turn in report.turns:
        at = report.started_at + timedelta(seconds=turn.started)
        if turn.speaker == "agent":
            found.append((at, Happening(who="agent", text=turn.text, turn=0, is_cut=turn.interrupted)))
            continue
        if any(moment < at <= moment + SAME_BREATH for moment in written):
            at = min(written)
        found.append((at, Happening(who="person", text=turn.text, turn=0)))
    for moment in written[:1]:
        deed = Happening(who="world", text="the number is suppressed", turn=0, deed="opt_out")
        found.append((moment, deed))
    if report.off_the_record and report.recording_path is None:
        at = report.recording_purged_at or report.started_at
        deed = Happening(who="world", text="the recording is stopped and deleted", turn=0, deed="stop_recording")
        found.append((at, deed))
    order = {"person": 0, "world": 1, "agent": 2}
    return _counted(each for _, each in sorted(found, key=lambda pair: (pair[0], order[pair[1].who])))


def _counted(happenings: Iterable[Happening]) -> Iterable[Happening]:
    turn = 0
    for each in happenings:
        turn += each.who == "person"
        yield replace(each, turn=turn)
