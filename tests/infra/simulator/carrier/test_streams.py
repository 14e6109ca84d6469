"""Media Streams: messages, pace, marks, ends."""

import asyncio
import base64
from itertools import pairwise

import pytest
from twilio.request_validator import RequestValidator

from infra.simulator.line import Line
from tests.infra.simulator.carrier.our_side import Socket
from tests.infra.simulator.carrier.phones import Phone, listen
from tests.infra.simulator.carrier.stage import ACCOUNT_SID, TOKEN, Stage, until


def stream(stage: Stage, inside: str = "", path: str = "/media") -> str:
    return (
        f"<Connect><Stream url='{stage.our_side.media}{path}' name='talk' "
        f"statusCallback='{stage.our_side.base}/stream'>{inside}</Stream></Connect>"
    )


def payload(audio: bytes) -> dict[str, str]:
    return {"payload": base64.b64encode(audio).decode()}


async def opened(stage: Stage, messages: int = 3) -> Socket:
    await until(lambda: bool(stage.our_side.sockets) and len(stage.our_side.sockets[0].messages) >= messages)
    return stage.our_side.sockets[0]


async def hang_up(stage: Stage, sid: str) -> None:
    await stage.client.post(f"/Calls/{sid}.json", data={"Status": "completed"})


async def test_the_stream_speaks_the_published_protocol(stage: Stage) -> None:
    async def talk(line: Line) -> None:
        line.speak(b"\x31" * 1600)
        line.press("9")
        await listen(line)

    sid = await stage.place(Phone(talk=talk), stream(stage, "<Parameter name='t' value='secret'/>"))
    socket = await opened(stage, 14)
    await hang_up(stage, sid)
    await socket.closed.wait()

    assert socket.messages[0] == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    stream_sid = socket.stream_sid
    assert socket.messages[1] == {
        "event": "start",
        "sequenceNumber": "1",
        "start": {
            "accountSid": ACCOUNT_SID,
            "streamSid": stream_sid,
            "callSid": sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": {"t": "secret"},
        },
        "streamSid": stream_sid,
    }
    media = [message["media"] for message in socket.events("media")]
    assert [each["chunk"] for each in media] == [str(number + 1) for number in range(len(media))]
    assert all(int(later["timestamp"]) - int(each["timestamp"]) == 20 for each, later in pairwise(media))
    assert {len(base64.b64decode(each["payload"])) for each in media} == {160}
    assert {each["track"] for each in media} == {"inbound"}
    assert socket.messages[-1]["event"] == "stop"
    assert socket.messages[-1]["stop"] == {"accountSid": ACCOUNT_SID, "callSid": sid}
    numbers = [int(message["sequenceNumber"]) for message in socket.messages[1:]]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_keys_and_voice_reach_the_server(stage: Stage) -> None:
    async def talk(line: Line) -> None:
        await until(lambda: bool(stage.our_side.sockets) and len(stage.our_side.sockets[0].messages) > 3)
        line.speak(b"\x31" * 800)
        line.press("9")
        await listen(line)

    sid = await stage.place(Phone(talk=talk), stream(stage))
    await until(lambda: bool(stage.our_side.sockets))
    socket = stage.our_side.sockets[0]
    loud = payload(b"\x31" * 160)["payload"]
    await until(lambda: sum(each["media"]["payload"] == loud for each in socket.events("media")) == 5)
    await hang_up(stage, sid)

    assert socket.events("dtmf")[0]["dtmf"] == {"track": "inbound_track", "digit": "9"}


async def test_the_handshake_is_signed(stage: Stage) -> None:
    sid = await stage.place(Phone(), stream(stage, path="/w/1/attempt"))
    socket = await opened(stage)
    await hang_up(stage, sid)

    request = socket.connection.request
    assert request is not None
    url = f"{stage.our_side.media}/w/1/attempt"
    assert RequestValidator(TOKEN).validate(url, {}, request.headers["X-Twilio-Signature"])


async def test_what_the_server_sends_is_heard_and_marks_come_back_after_it(stage: Stage) -> None:
    async def talk(socket: Socket) -> None:
        for byte in (0x11, 0x22):
            await socket.send("media", media=payload(bytes([byte]) * 1600))
            await socket.send("mark", mark={"name": f"after {byte}"})

    stage.our_side.talk = talk
    phone = Phone()
    sid = await stage.place(phone, stream(stage))
    socket = await opened(stage)
    await until(lambda: len(socket.events("mark")) == 2)
    await hang_up(stage, sid)

    assert [mark["mark"]["name"] for mark in socket.events("mark")] == ["after 17", "after 34"]
    assert phone.heard_sound == b"\x11" * 1600 + b"\x22" * 1600
    first, second = (socket.messages.index(mark) for mark in socket.events("mark"))
    between = sum(message["event"] == "media" for message in socket.messages[first:second])
    assert between == pytest.approx(10, abs=1)


async def test_clear_drops_what_waits_and_its_marks_come_back_at_once(stage: Stage) -> None:
    async def talk(socket: Socket) -> None:
        await socket.send("media", media=payload(b"\x11" * 80_000))
        await socket.send("mark", mark={"name": "end"})
        await socket.send("clear")

    stage.our_side.talk = talk
    phone = Phone()
    sid = await stage.place(phone, stream(stage))
    socket = await opened(stage)
    await until(lambda: len(socket.events("mark")) == 1)
    await hang_up(stage, sid)

    assert len(phone.heard_sound) < 8000


async def test_when_the_server_closes_the_next_verb_follows(stage: Stage) -> None:
    async def talk(socket: Socket) -> None:
        await socket.connection.close()

    stage.our_side.talk = talk
    phone = Phone()
    sid = await stage.place(phone, stream(stage) + "<Say>after</Say>")
    await stage.completed(sid)
    await until(lambda: len(stage.our_side.at("/stream")) == 2)

    assert phone.heard_sound == b"\x10" * 160
    assert stage.our_side.events("/stream", "StreamEvent") == ["stream-started", "stream-stopped"]
    assert stage.our_side.at("/stream")[0].fields["StreamName"] == "talk"
    assert stage.codes() == [31921]


async def test_when_the_server_dies_the_redirect_recovers_the_call(stage: Stage) -> None:
    async def talk(socket: Socket) -> None:
        socket.connection.transport.abort()

    stage.our_side.talk = talk
    stage.our_side.answers["/recover"] = "<Response><Say>one moment</Say></Response>"
    phone = Phone()
    sid = await stage.place(phone, stream(stage) + "<Redirect>/recover</Redirect>")
    await stage.completed(sid)
    await until(lambda: len(stage.our_side.at("/stream")) == 2)

    assert phone.heard_sound == b"\x10" * 320
    assert stage.our_side.events("/stream", "StreamEvent") == ["stream-started", "stream-error"]
    assert stage.our_side.at("/stream")[1].fields["StreamErrorCode"] == "31921"


async def test_connect_with_an_action_asks_it_instead_of_the_next_verb(stage: Stage) -> None:
    async def talk(socket: Socket) -> None:
        await socket.connection.close()

    stage.our_side.talk = talk
    stage.our_side.answers["/ended"] = "<Response><Say>bye</Say></Response>"
    phone = Phone()
    connect = stream(stage).replace("<Connect>", "<Connect action='/ended'>")
    await stage.completed(await stage.place(phone, connect + "<Say>not me either</Say>"))

    assert phone.heard_sound == b"\x10" * 160


async def test_a_rest_hang_up_mid_stream_reaches_no_further_verb(stage: Stage) -> None:
    sid = await stage.place(Phone(), stream(stage) + "<Redirect>/recover</Redirect>")
    socket = await opened(stage)
    await hang_up(stage, sid)
    await stage.completed(sid)
    await socket.closed.wait()
    await until(lambda: len(stage.our_side.at("/stream")) == 2)

    assert stage.our_side.at("/recover") == []
    assert stage.our_side.events("/stream", "StreamEvent") == ["stream-started", "stream-stopped"]


@pytest.mark.parametrize("url", ["ws://127.0.0.1:1/media", "ws://127.0.0.1:1/media?token=x", "https://127.0.0.1/media"])
async def test_an_address_that_cannot_be_streamed_to_is_an_error_and_verbs_go_on(stage: Stage, url: str) -> None:
    phone = Phone()
    callback = f"{stage.our_side.base}/stream"
    verb = f"<Connect><Stream url='{url}' statusCallback='{callback}'/></Connect><Say>after</Say>"
    await stage.completed(await stage.place(phone, verb))
    await until(lambda: len(stage.our_side.at("/stream")) == 1)

    fields = stage.our_side.at("/stream")[0].fields
    assert (fields["StreamEvent"], fields["StreamErrorCode"]) == ("stream-error", "31920")
    assert phone.heard_sound == b"\x10" * 160


async def test_messages_that_are_none_are_noted_and_the_stream_lives_on(stage: Stage) -> None:
    async def talk(socket: Socket) -> None:
        await socket.connection.send("{")
        await socket.connection.send('{"event":"media","streamSid":"MZ0","media":{"payload":""}}')
        await socket.send("media", media={"payload": "no base64!"})
        await socket.send("dance")
        await socket.send("mark", mark={"name": "alive"})

    stage.our_side.talk = talk
    sid = await stage.place(Phone(), stream(stage))
    socket = await opened(stage)
    await until(lambda: len(socket.events("mark")) == 1)
    assert stage.codes() == [31924] * 4
    await hang_up(stage, sid)


async def test_another_document_tears_the_stream_down(stage: Stage) -> None:
    stage.our_side.answers["/other"] = "<Response><Say>other</Say></Response>"
    phone = Phone()
    sid = await stage.place(phone, stream(stage))
    socket = await opened(stage)
    await stage.client.post(f"/Calls/{sid}.json", data={"Url": f"{stage.our_side.base}/other"})
    await stage.completed(sid)
    await socket.closed.wait()

    assert socket.messages[-1]["event"] == "stop"
    assert phone.heard_sound == b"\x10" * 160


async def test_ten_streams_at_once_all_keep_pace(stage: Stage) -> None:
    """In a second of machine time every stream carries its fifty frames, none more than one apart."""
    sids = [await stage.place(Phone(), stream(stage)) for _ in range(10)]
    await until(lambda: len(stage.our_side.sockets) == 10)
    sockets = stage.our_side.sockets
    await until(lambda: all(socket.events("media") for socket in sockets))
    before = [len(socket.events("media")) for socket in sockets]
    await asyncio.sleep(1)
    await until(lambda: len(sockets[0].events("media")) - before[0] >= 50)
    counts = [len(socket.events("media")) - start for socket, start in zip(sockets, before, strict=True)]
    for sid in sids:
        await hang_up(stage, sid)

    assert max(counts) - min(counts) <= 2
