"""Machine detection, recordings, inbound calls and the simulator's own endpoints."""

import io
import wave

import numpy as np
import pytest

from infra.simulator.carrier import Faults
from infra.simulator.line import AnsweredBy, Line, PickUp
from tests.infra.simulator.carrier.phones import Phone, leave
from tests.infra.simulator.carrier.stage import OURS, PERSON, Stage, until


@pytest.mark.parametrize(
    ("mode", "found", "told"),
    [
        ("Enable", "human", "human"),
        ("Enable", "machine_end_beep", "machine_start"),
        ("DetectMessageEnd", "machine_end_beep", "machine_end_beep"),
        ("DetectMessageEnd", "machine_start", "machine_end_other"),
        ("Enable", "fax", "fax"),
    ],
)
async def test_detection_that_blocks_tells_the_answer_address(
    stage: Stage, mode: str, found: AnsweredBy, told: str
) -> None:
    phone = Phone(PickUp(after_seconds=0.0, answered_by=found, decided_after_seconds=0.05))
    call = await stage.completed(await stage.place(phone, "<Hangup/>", MachineDetection=mode))

    fields = stage.our_side.at("/answer")[0].fields
    assert (fields["AnsweredBy"], fields["MachineDetectionDuration"]) == (told, "50")
    assert stage.our_side.at("/status")[-1].fields["AnsweredBy"] == told
    assert call["answered_by"] == told


async def test_detection_beside_the_call_reports_to_its_own_address(stage: Stage) -> None:
    phone = Phone(PickUp(after_seconds=0.0, answered_by="machine_start", decided_after_seconds=0.1))
    await stage.completed(
        await stage.place(
            phone,
            "<Pause length='1'/>",
            MachineDetection="Enable",
            AsyncAmd="true",
            AsyncAmdStatusCallback=f"{stage.our_side.base}/amd",
        )
    )

    assert "AnsweredBy" not in stage.our_side.at("/answer")[0].fields
    fields = stage.our_side.at("/amd")[0].fields
    assert set(fields) == {"CallSid", "AccountSid", "AnsweredBy", "MachineDetectionDuration"}
    assert (fields["AnsweredBy"], fields["MachineDetectionDuration"]) == ("machine_start", "100")


async def test_detection_beside_the_call_without_an_address_is_noted(stage: Stage) -> None:
    await stage.completed(await stage.place(Phone(), "<Pause/>", MachineDetection="Enable", AsyncAmd="true"))

    assert 21262 in stage.codes()


async def test_a_call_is_recorded_with_each_side_on_its_own_channel(stage: Stage) -> None:
    async def talk(line: Line) -> None:
        line.speak(b"\x20" * 1600)
        while await line.hear() is not None:
            pass

    sid = await stage.place(
        Phone(talk=talk),
        "<Say>one two three</Say><Pause/>",
        Record="true",
        RecordingChannels="dual",
        RecordingStatusCallback=f"{stage.our_side.base}/recording",
        RecordingStatusCallbackEvent="in-progress completed",
    )
    await stage.completed(sid)
    await until(lambda: len(stage.our_side.at("/recording")) == 2)
    listed = (await stage.client.get(f"/Calls/{sid}/Recordings.json")).json()["recordings"]
    media = await stage.client.get(f"/Recordings/{listed[0]['sid']}.wav")

    assert stage.our_side.events("/recording", "RecordingStatus") == ["in-progress", "completed"]
    told = stage.our_side.at("/status")[-1].fields
    assert told["RecordingSid"] == listed[0]["sid"]
    assert told["RecordingUrl"] == listed[0]["media_url"]
    with wave.open(io.BytesIO(media.content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 8000)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    assert (samples[:, 0] != 0).sum() == 1600
    assert (samples[:, 1] != 0).sum() == 480
    assert (await stage.client.delete(f"/Recordings/{listed[0]['sid']}.json")).status_code == 204
    assert (await stage.client.get(f"/Recordings/{listed[0]['sid']}.json")).status_code == 404


async def test_a_recording_of_nothing_is_absent(stage: Stage) -> None:
    await stage.completed(
        await stage.place(
            Phone(talk=leave),
            "<Hangup/>",
            Record="true",
            RecordingStatusCallback=f"{stage.our_side.base}/recording",
            RecordingStatusCallbackEvent=["completed", "absent"],
        )
    )
    await until(lambda: len(stage.our_side.at("/recording")) == 1)

    assert stage.our_side.events("/recording", "RecordingStatus") == ["absent"]


async def test_a_person_rings_one_of_our_numbers(stage: Stage) -> None:
    stage.our_side.answers["/inbound"] = "<Response><Say>welcome</Say></Response>"
    stage.phones[PERSON] = Phone()
    address = f"{stage.carrier.base_url}/simulator/calls"

    response = await stage.client.post(address, json={"from": PERSON, "to": OURS})
    sid = response.json()["sid"]
    await until(lambda: len(stage.our_side.at("/inbound-status")) == 1)

    asked = stage.our_side.at("/inbound")[0].fields
    assert (asked["Direction"], asked["CallStatus"]) == ("inbound", "ringing")
    assert (asked["From"], asked["To"], asked["CallSid"]) == (PERSON, OURS, sid)
    assert stage.phones[PERSON].heard_sound == b"\x10" * 160
    call = await stage.call(sid)
    assert (call["direction"], call["status"]) == ("inbound", "completed")


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "failed")])
async def test_an_inbound_call_can_be_rejected_unanswered(stage: Stage, reason: str, status: str) -> None:
    stage.our_side.answers["/inbound"] = f"<Response><Reject reason='{reason}'/></Response>"
    phone = Phone()
    call = stage.carrier.ring_in(from_number=PERSON, to_number=OURS, telephone=phone)
    await until(lambda: call.is_over)

    assert (call.status, call.was_answered, phone.lines) == (status, False, [])


async def test_ringing_in_needs_a_person_and_a_number_of_ours(stage: Stage) -> None:
    address = f"{stage.carrier.base_url}/simulator/calls"

    assert (await stage.client.post(address, json={"from": PERSON, "to": OURS})).status_code == 404
    assert (await stage.client.post(address, content="{")).status_code == 400


async def test_faults_are_read_and_set_over_http(stage: Stage) -> None:
    address = f"{stage.carrier.base_url}/simulator/faults"

    await stage.client.put(address, json={"create_429": 1.0, "create_script": ["none"]})
    refused = await stage.client.put(address, json={"gremlins": 1})

    assert refused.status_code == 400
    assert stage.carrier.exchange.dice.faults == Faults(create_429=1.0, create_script=("none",))
    assert (await stage.client.get(address)).json()["create_429"] == 1.0


async def test_the_journal_tells_what_happened(stage: Stage) -> None:
    sid = await stage.place(Phone(talk=leave), "<Hangup/>")
    await stage.completed(sid)
    address = f"{stage.carrier.base_url}/simulator/journal"

    entries = (await stage.client.get(address, params={"kind": "status", "call_sid": sid})).json()["entries"]
    later = await stage.client.get(address, params={"after": str(entries[-1]["number"])})
    calls = (await stage.client.get(f"{stage.carrier.base_url}/simulator/calls")).json()["calls"]

    assert [entry["status"] for entry in entries] == ["queued", "ringing", "in-progress", "completed"]
    assert all(entry["to"] == PERSON and entry["at"].startswith("2026-03-02T15:00") for entry in entries)
    assert all(entry["number"] > entries[-1]["number"] for entry in later.json()["entries"])
    assert [call["sid"] for call in calls] == [sid]


async def test_a_person_who_fails_hangs_up_and_the_carrier_carries_on(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async def stumble(line: Line) -> None:
        raise RuntimeError("the person fell over")

    call = await stage.completed(await stage.place(Phone(talk=stumble), "<Pause length='60'/>"))

    assert call["status"] == "completed"
    assert "simulated carrier task failed" in caplog.text
