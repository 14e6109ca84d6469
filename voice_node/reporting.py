"""The report of a call, from the minutes and the state the conversation ended in."""

from datetime import datetime

from shared.conversation import CallReport
from shared.conversation.reporting import kept_turns, report_parts
from shared.conversation.versions import spoken_versions
from shared.kernel.ids import AttemptId
from voice_node.call import Call
from voice_node.kit import CallKit
from voice_node.minutes import Ending
from voice_node.workers import WorkerName


def empty_report(
    attempt_id: AttemptId, *, part: int, name: WorkerName, started_at: datetime, ended_at: datetime
) -> CallReport:
    """The report of a call that broke before it could begin."""
    return CallReport(
        attempt_id=attempt_id,
        part=part,
        worker=name.worker,
        epoch=name.epoch,
        started_at=started_at,
        ended_at=ended_at,
        ended_by="error",
        end_reason="no_brief",
        heard="nobody",
    )


def report_of(call: Call, ending: Ending, *, kit: CallKit) -> CallReport:
    """What is told home of a call that was held, however it ended."""
    minutes, brief = call.minutes, call.minutes.brief
    turns, answered = minutes.in_order()
    now = kit.clock.now()
    recording, purged = call.recording.kept(now)
    return CallReport(
        **report_parts(call.talker.state, brief, turn_numbers=answered),
        attempt_id=brief.attempt_id,
        part=brief.part,
        worker=kit.name.worker,
        epoch=kit.name.epoch,
        started_at=minutes.started_at,
        ended_at=now,
        ended_by=ending.by,
        end_reason=ending.reason,
        first_audio_ms=minutes.first_audio_ms,
        turns=kept_turns(turns, call.talker.state),
        usage=call.usage.total(
            stream_seconds=call.now(),
            speech_to_text=kit.engines.speech_to_text_vendor,
            text_to_speech=kit.engines.text_to_speech_vendor,
        ),
        voice_tiers=tuple(call.usage.voice_tiers),
        versions=spoken_versions(brief, model=kit.model),
        recording_path=recording,
        recording_purged_at=purged.at if purged else None,
        recording_purged_because=purged.because if purged else None,
    )
