"""News of a call: what each callback says."""

from collections.abc import Mapping
from math import ceil

from infra.simulator.carrier.call import Call
from infra.simulator.carrier.courier import Courier, Letter
from infra.simulator.carrier.numbers import places
from infra.simulator.carrier.recorder import Recording
from infra.simulator.carrier.resources import VERSION, rfc2822
from shared.kernel.clock import Clock


class Callbacks:
    """Tells the account what happened to its calls, as far as it asked to be told."""

    def __init__(self, *, courier: Courier, clock: Clock) -> None:
        self._courier = courier
        self._clock = clock

    def status(self, call: Call, event: str, *, recording_url: str = "") -> None:
        """Tell that the call was initiated, rings, was answered or is completed, if that was asked for."""
        order = call.order
        if not order.status_callback or event not in order.status_events:
            return
        fields = voice_fields(call) | {
            "CallStatus": "initiated" if event == "initiated" else call.status,
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(call.events_sent),
            "Timestamp": rfc2822(self._clock.now()) or "",
        }
        call.events_sent += 1
        if event == "completed":
            fields |= _final_fields(call, recording_url)
        self.send(call, order.status_callback, fields, event=event, method=order.status_callback_method, lane=call.sid)

    def recording(self, call: Call, recording: Recording, *, url: str) -> None:
        """Tell where a recording stands, if that was asked for."""
        order = call.order.recording
        if not order or not order.callback or recording.status not in order.events:
            return
        fields = {
            "AccountSid": call.account_sid,
            "CallSid": call.sid,
            "RecordingSid": recording.sid,
            "RecordingUrl": url,
            "RecordingStatus": recording.status,
            "RecordingDuration": str(recording.duration_seconds),
            "RecordingChannels": str(recording.channels),
            "RecordingSource": recording.source,
            "RecordingTrack": recording.track,
            "RecordingStartTime": rfc2822(recording.started_at) or "",
            "ErrorCode": "0",
        }
        event = f"recording-{recording.status}"
        method = order.callback_method
        self.send(call, order.callback, fields, event=event, method=method, lane=recording.sid)

    def send(self, call: Call, url: str, fields: Mapping[str, str], *, event: str, method: str, lane: str = "") -> None:
        """Send one callback about a call; after the one before in the same lane."""
        letter = Letter(
            call_sid=call.sid,
            person=call.person,
            url=url,
            fields=fields,
            event=event,
            method=method,
            lane=lane,
        )
        self._courier.take(letter)


def voice_fields(call: Call) -> dict[str, str]:
    """What every request about a call carries."""
    order = call.order
    fields = {
        "CallSid": call.sid,
        "AccountSid": call.account_sid,
        "From": order.from_number,
        "To": order.to,
        "Caller": order.from_number,
        "Called": order.to,
        "CallStatus": call.status,
        "ApiVersion": VERSION,
        "Direction": call.direction,
    }
    if call.parent_sid:
        fields["ParentCallSid"] = call.parent_sid
    return fields | places(from_number=order.from_number, to_number=order.to)


def detection_fields(call: Call) -> dict[str, str]:
    """What answering-machine detection found, if it has."""
    if call.answered_by is None:
        return {}
    return {"AnsweredBy": call.answered_by, "MachineDetectionDuration": str(call.detection_milliseconds)}


def _final_fields(call: Call, recording_url: str) -> dict[str, str]:
    fields = {
        "CallDuration": str(call.talked_seconds),
        "Duration": str(ceil(call.talked_seconds / 60)),
        "SipResponseCode": str(call.sip_code),
    }
    if call.answered_by:
        fields["AnsweredBy"] = call.answered_by
    if call.recording and recording_url:
        fields |= {
            "RecordingUrl": recording_url,
            "RecordingSid": call.recording.sid,
            "RecordingDuration": str(call.recording.duration_seconds),
        }
    return fields
