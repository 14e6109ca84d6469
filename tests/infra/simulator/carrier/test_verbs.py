"""TwiML: each verb, and what follows it."""

import asyncio

from starlette.responses import Response

from infra.simulator.carrier.mulaw import wav_of
from infra.simulator.line import Line, NoPickUp, PickUp
from tests.infra.simulator.carrier.phones import Phone, leave, listen
from tests.infra.simulator.carrier.stage import OTHER, OURS, PERSON, Stage, until


def listens_for_keys(stage: Stage, line: Line) -> bool:
    leg = stage.carrier.exchange.calls[line.call_sid].leg
    return leg is not None and bool(leg.key_listeners)


async def test_words_are_spoken_in_order_and_the_end_hangs_up(stage: Stage) -> None:
    phone = Phone()
    sid = await stage.place(phone, "<Say>one</Say><Pause length='0'/><Say loop='2'>two</Say>")
    call = await stage.completed(sid)

    assert phone.heard_sound == b"\x10" * 480
    assert call["status"] == "completed"


async def test_a_sound_file_is_played_and_one_that_cannot_be_had_is_skipped(stage: Stage) -> None:
    sound = b"\x20" * 1600
    stage.our_side.answers["/bare"] = Response(sound, media_type="audio/basic")
    stage.our_side.answers["/file.wav"] = Response(wav_of((b"\x30" * 800,)), media_type="audio/wav")
    stage.our_side.answers["/song.mp3"] = Response(b"ID3", media_type="audio/mpeg")
    stage.our_side.answers["/gone"] = Response(status_code=404)
    phone = Phone()
    plays = "".join(f"<Play>{path}</Play>" for path in ("/song.mp3", "/gone", "/bare", "/file.wav"))
    await stage.completed(await stage.place(phone, plays))

    assert phone.heard_sound == sound + b"\x30" * 800
    assert stage.codes() == [12300, 11200]


async def test_digits_are_played_as_tones(stage: Stage) -> None:
    phone = Phone()
    await stage.completed(await stage.place(phone, "<Play digits='1w#'/>"))

    assert len(phone.heard_sound) > 3000


async def test_redirect_goes_on_elsewhere_and_later_verbs_are_not_reached(stage: Stage) -> None:
    stage.our_side.answers["/elsewhere"] = "<Response><Say>here</Say></Response>"
    phone = Phone()
    await stage.completed(await stage.place(phone, "<Redirect>/elsewhere</Redirect><Say>not me</Say>"))

    assert phone.heard_sound == b"\x10" * 160
    assert stage.our_side.at("/elsewhere")[0].fields["CallStatus"] == "in-progress"


async def test_an_unknown_verb_is_noted_and_skipped(stage: Stage) -> None:
    phone = Phone()
    await stage.completed(await stage.place(phone, "<Sing>la</Sing><Say>one</Say><Hangup/><Say>two</Say>"))

    assert phone.heard_sound == b"\x10" * 160
    assert stage.codes() == [12200]


async def test_gather_sends_the_keys_and_a_key_silences_the_prompt(stage: Stage) -> None:
    async def press(line: Line) -> None:
        await until(lambda: listens_for_keys(stage, line))
        for key in "x12#":
            line.press(key)
        await listen(line)

    long_prompt = "<Say loop='500'>press a key</Say>"
    sid = await stage.place(Phone(talk=press), f"<Gather action='/keys'>{long_prompt}</Gather>")
    await stage.completed(sid)

    fields = stage.our_side.at("/keys")[0].fields
    assert (fields["Digits"], fields["FinishedOnKey"]) == ("12", "#")


async def test_gather_ends_at_the_number_of_digits_and_asks_the_same_document_by_default(
    stage: Stage,
) -> None:
    async def press(line: Line) -> None:
        await until(lambda: listens_for_keys(stage, line))
        line.press("9")
        await listen(line)

    async def answer(request: object) -> Response:
        first = len(stage.our_side.at("/answer")) == 1
        verb = "<Gather numDigits='1'/>" if first else "<Hangup/>"
        return Response(f"<Response>{verb}</Response>", media_type="text/xml")

    stage.phones[PERSON] = Phone(talk=press)
    stage.our_side.answers["/answer"] = answer
    await stage.completed((await stage.create()).json()["sid"])

    assert stage.our_side.events("/answer", "Digits") == ["", "9"]


async def test_gather_without_a_key_goes_on_with_the_next_verb(stage: Stage) -> None:
    phone = Phone()
    await stage.completed(await stage.place(phone, "<Gather timeout='0' action='/k'/><Say>next</Say>"))

    assert stage.our_side.at("/k") == []
    assert phone.heard_sound == b"\x10" * 160


async def test_dial_connects_two_people_and_tells_the_action_how_it_went(stage: Stage) -> None:
    async def greet(line: Line) -> None:
        line.speak(b"\x21" * 1600)
        await until(lambda: not line.is_speaking())
        for _ in range(10):
            await line.hear()

    stage.phones[OTHER] = Phone(talk=greet)
    caller = Phone()
    sid = await stage.place(caller, f"<Dial action='/dialled'><Number>{OTHER}</Number></Dial>")
    stage.our_side.answers["/dialled"] = "<Response/>"
    await stage.completed(sid)

    fields = stage.our_side.at("/dialled")[0].fields
    assert (fields["DialCallStatus"], fields["DialCallDuration"]) == ("completed", "1")
    child = await stage.call(fields["DialCallSid"])
    assert (child["direction"], child["parent_call_sid"]) == ("outbound-dial", sid)
    assert stage.phones[OTHER].rings[0].from_number == OURS
    assert b"\x21" * 1280 in bytes(caller.heard)


async def test_dial_without_an_answer_goes_on_with_the_next_verb(stage: Stage) -> None:
    stage.phones[OTHER] = Phone(NoPickUp(result="busy", after_seconds=0.0))
    caller = Phone()
    await stage.completed(await stage.place(caller, f"<Dial>{OTHER}</Dial><Say>sorry</Say>"))

    assert caller.heard_sound.endswith(b"\x10" * 160)
    assert [call.status for call in stage.carrier.exchange.calls.values()] == ["completed", "busy"]


async def test_dial_rings_several_and_the_first_to_answer_gets_the_call(stage: Stage) -> None:
    third = "+15125550166"
    stage.phones[OTHER] = Phone(PickUp(after_seconds=20))
    stage.phones[third] = Phone(talk=leave)
    sid = await stage.place(Phone(), f"<Dial><Number>{OTHER}</Number><Number>{third}</Number></Dial><Hangup/>")
    await stage.completed(sid)

    statuses = {call.order.to: call.status for call in stage.carrier.exchange.calls.values()}
    assert (statuses[OTHER], statuses[third]) == ("canceled", "completed")


async def test_when_the_caller_leaves_the_dialled_person_is_let_go(stage: Stage) -> None:
    async def wait_and_leave(line: Line) -> None:
        await until(lambda: bool(stage.phones[OTHER].lines))

    stage.phones[OTHER] = Phone()
    await stage.completed(await stage.place(Phone(talk=wait_and_leave), f"<Dial>{OTHER}</Dial>"))

    await until(lambda: all(call.is_over for call in stage.carrier.exchange.calls.values()))


async def test_another_document_replaces_the_one_that_runs(stage: Stage) -> None:
    stage.our_side.answers["/other"] = "<Response><Say>other</Say></Response>"
    phone = Phone()
    sid = await stage.place(phone, "<Pause length='60'/><Say>never said</Say>")
    await until(lambda: bool(stage.our_side.at("/answer")))
    await asyncio.sleep(0.05)
    response = await stage.client.post(f"/Calls/{sid}.json", data={"Url": f"{stage.our_side.base}/other"})
    await stage.completed(sid)

    assert response.json()["status"] == "in-progress"
    assert phone.heard_sound == b"\x10" * 160


async def test_the_time_limit_ends_a_call_and_can_be_changed(stage: Stage) -> None:
    sid = await stage.place(Phone(), "<Pause length='60'/>", TimeLimit="50")
    await until(lambda: stage.carrier.exchange.calls[sid].was_answered)
    await stage.client.post(f"/Calls/{sid}.json", data={"TimeLimit": "1"})

    assert (await stage.completed(sid))["status"] == "completed"


async def test_a_person_who_hangs_up_ends_the_call(stage: Stage) -> None:
    async def hang_up(line: Line) -> None:
        await line.hear()
        line.hang_up()
        assert await line.hear() is None

    call = await stage.completed(await stage.place(Phone(talk=hang_up), "<Pause length='60'/>"))

    assert call["status"] == "completed"
