"""What goes wrong on purpose: each knob does what it says, and a seed repeats it."""

import asyncio

import httpx
import pytest

from infra.simulator.carrier import Faults
from infra.simulator.carrier.faults import Dice
from infra.simulator.line import PickUp
from shared.kernel.errors import Malformed
from tests.infra.simulator.carrier.phones import Phone, leave
from tests.infra.simulator.carrier.stage import PERSON, Stage, until

HANGUP = "<Hangup/>"


@pytest.mark.parametrize(
    ("fault", "status", "placed"),
    [("create_429", 429, 0), ("create_5xx_before", 503, 0), ("create_5xx_after", 503, 1)],
)
async def test_a_create_request_fails_before_or_after_it_took_effect(
    stage: Stage, fault: str, status: int, placed: int
) -> None:
    stage.fault(**{fault: 1.0})
    stage.phones[PERSON] = phone = Phone(talk=leave)

    response = await stage.create()

    assert response.status_code == status
    assert len(stage.carrier.exchange.calls) == placed
    await until(lambda: len(phone.rings) == placed)


@pytest.mark.parametrize(("fault", "placed"), [("create_timeout_before", 0), ("create_timeout_after", 1)])
async def test_a_create_request_is_left_hanging_before_or_after_it_took_effect(
    stage: Stage, fault: str, placed: int
) -> None:
    stage.fault(**{fault: 1.0})
    stage.phones[PERSON] = Phone(talk=leave)

    with pytest.raises(httpx.ReadTimeout):
        async with asyncio.timeout(5):
            await stage.client.post(
                "/Calls.json",
                data={"To": PERSON, "From": "+15125550100", "Url": "http://127.0.0.1:1/"},
                timeout=0.2,
            )

    assert len(stage.carrier.exchange.calls) == placed


async def test_a_script_of_create_faults_is_used_up_in_order(stage: Stage) -> None:
    stage.fault(create_script=("429", "none", "5xx_after"))
    stage.phones[PERSON] = Phone(talk=leave)

    assert [(await stage.create()).status_code for _ in range(4)] == [429, 201, 503, 201]
    assert len(stage.carrier.exchange.calls) == 3


async def test_lost_callbacks_never_arrive(stage: Stage) -> None:
    stage.fault(callback_lost=1.0, callback_events=("completed",))
    sid = await stage.place(Phone(talk=leave), HANGUP)
    await until(lambda: stage.carrier.exchange.calls[sid].is_over)
    await until(lambda: len(stage.our_side.at("/status")) == 3)

    assert "completed" not in stage.our_side.events("/status", "CallStatus")
    assert stage.notes("fault")[0]["copies"] == 0


async def test_duplicated_callbacks_arrive_twice_alike(stage: Stage) -> None:
    stage.fault(callback_duplicated=1.0)
    sid = await stage.place(Phone(talk=leave), HANGUP)
    await stage.completed(sid)
    await until(lambda: len(stage.our_side.at("/status")) == 8)

    numbers = stage.our_side.events("/status", "SequenceNumber")
    assert numbers == ["0", "0", "1", "1", "2", "2", "3", "3"]


async def test_late_callbacks_arrive_after_later_ones(stage: Stage) -> None:
    stage.fault(callback_late=1.0, callback_late_seconds=0.4, callback_events=("ringing",))
    sid = await stage.place(Phone(talk=leave), HANGUP)
    await stage.completed(sid)
    await until(lambda: len(stage.our_side.at("/status")) == 4)

    assert stage.our_side.events("/status", "SequenceNumber")[-1] == "1"


async def test_shuffled_callbacks_are_overtaken_by_the_next(stage: Stage) -> None:
    stage.fault(callback_shuffled=1.0, callback_events=("ringing",))
    await stage.completed(await stage.place(Phone(PickUp(after_seconds=0.1), talk=leave), HANGUP))
    await until(lambda: len(stage.our_side.at("/status")) == 4)

    numbers = stage.our_side.events("/status", "SequenceNumber")
    assert numbers.index("1") > numbers.index("2")


async def test_a_dropped_socket_is_an_error_and_the_call_goes_on(stage: Stage) -> None:
    stage.fault(socket_dropped=1.0, socket_fault_after_seconds=0.1)
    phone = Phone()
    callback = f"{stage.our_side.base}/stream"
    verb = f"<Connect><Stream url='{stage.our_side.media}/m' statusCallback='{callback}'/></Connect>"
    stage.our_side.answers["/recover"] = "<Response><Say>back</Say></Response>"
    await stage.completed(await stage.place(phone, verb + "<Redirect>/recover</Redirect>"))
    await until(lambda: len(stage.our_side.at("/stream")) == 2)

    assert stage.our_side.events("/stream", "StreamEvent")[1] == "stream-error"
    assert stage.our_side.sockets[0].events("stop") == []
    assert phone.heard_sound == b"\x10" * 160


async def test_a_silent_socket_stays_open_and_carries_nothing(stage: Stage) -> None:
    stage.fault(socket_silent=1.0, socket_fault_after_seconds=0.1)
    sid = await stage.place(Phone(), f"<Connect><Stream url='{stage.our_side.media}/m'/></Connect>")
    await until(lambda: bool(stage.our_side.sockets and stage.our_side.sockets[0].events("media")))
    await asyncio.sleep(0.3)
    socket = stage.our_side.sockets[0]
    count = len(socket.messages)
    await asyncio.sleep(0.2)

    assert len(socket.messages) == count
    assert not socket.closed.is_set()
    assert not stage.carrier.exchange.calls[sid].is_over


async def test_a_late_verdict_on_who_answered_comes_late(stage: Stage) -> None:
    stage.fault(amd_late=1.0, amd_late_seconds=0.3)
    detection = {
        "MachineDetection": "Enable",
        "AsyncAmd": "true",
        "AsyncAmdStatusCallback": f"{stage.our_side.base}/amd",
    }
    sid = await stage.place(Phone(talk=leave), HANGUP, **detection)
    await stage.completed(sid)
    decided = stage.our_side.at("/amd")
    phone = Phone(PickUp(after_seconds=0.0, decided_after_seconds=0.05))
    await stage.completed(await stage.place(phone, "<Pause length='1'/>", **detection))
    await until(lambda: len(stage.our_side.at("/amd")) == 1)

    assert decided == []
    assert stage.our_side.at("/amd")[0].fields["AnsweredBy"] == "human"


async def test_faults_can_be_limited_to_some_numbers(stage: Stage) -> None:
    stage.fault(create_429=1.0, numbers=("+15125550177",))
    stage.phones[PERSON] = Phone(talk=leave)

    assert (await stage.create()).status_code == 201
    assert (await stage.create(To="+15125550177")).status_code == 429


def test_the_same_seed_decides_the_same() -> None:
    faults = Faults(seed=7, create_429=0.3, callback_lost=0.3, socket_dropped=0.5)

    def fates() -> list[object]:
        dice = Dice(faults)
        return [(dice.create(PERSON), dice.callback(PERSON, "x"), dice.socket(PERSON)) for _ in range(50)]

    assert fates() == fates()
    assert len({str(fate) for fate in fates()}) > 3


@pytest.mark.parametrize(
    "values",
    [{"gremlins": 1}, {"callback_lost": "often"}, {"callback_lost": -1}, {"create_script": ["explode"]}],
)
def test_faults_that_make_no_sense_are_malformed(values: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        Faults.read(values)
