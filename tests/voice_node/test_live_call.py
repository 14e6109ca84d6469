"""Whole calls over a real websocket, at real pace."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from shared.adapters.recordings.folder import FolderRecordings
from shared.adapters.recordings.seal import unseal
from shared.conversation import AgentName, CallBrief, CallReport, Move
from tests.voice_node.conftest import RunningNode, listening, make_node
from tests.voice_node.doubles import ANNOUNCED, ATTEMPT, KEYRING, Parrot, StillClock, tone
from tests.voice_node.media_client import MediaClient, until
from voice_node.agents.driver import Driver
from voice_node.agents.graph import decide_plainly
from voice_node.brains.scripted import ScriptedModel
from voice_node.cast import Actions
from voice_node.speech.mulaw import to_mulaw

Spoken = Callable[[str], bytes]


def agent_lines(node: RunningNode) -> list[str]:
    """What the agent has begun to say so far."""
    return [item.text for item in node.live.items if item.kind == "spoken"]


async def greeted(node: RunningNode, client: MediaClient) -> None:
    """Wait until the opening and the first question were heard."""
    await until(lambda: "Is this Bob?" in agent_lines(node))
    await client.until_quiet()


async def say(node: RunningNode, client: MediaClient, audio: bytes) -> None:
    """Speak, then wait until the agent has answered and fallen silent."""
    before = len(agent_lines(node))
    client.speak(audio)
    await until(lambda: client.is_closed.is_set() or len(agent_lines(node)) > before)
    await client.until_quiet()


async def closed(client: MediaClient) -> None:
    await until(client.is_closed.is_set)


async def test_a_call_is_held_from_the_opening_to_the_goodbye(node: RunningNode, spoken: Spoken) -> None:
    node.recognises += ["yes", "bye"]

    async with node.ring() as client:
        await greeted(node, client)
        await say(node, client, spoken("Yes this is Bob."))
        await say(node, client, spoken("Thank you bye."))
        await closed(client)
    report: CallReport = await node.reported()

    assert [(turn.speaker, turn.text) for turn in report.turns] == [
        ("agent", "Hi, this is Ava."),
        ("agent", "Is this Bob?"),
        ("caller", "yes"),
        ("agent", "You said yes."),
        ("caller", "bye"),
        ("agent", "You said bye."),
    ]
    assert (report.ended_by, node.hung_up) == ("agent", ["CA1"])
    assert not any(turn.interrupted for turn in report.turns)
    assert report.first_audio_ms is not None
    assert agent_lines(node)[:2] == ["Hi, this is Ava.", "Is this Bob?"]


def announcing(node: RunningNode, **changes: object) -> None:
    """Have the opening say that the call is recorded."""
    node.cabinet.brief = node.cabinet.brief.model_copy(update={"opening_text": ANNOUNCED, **changes})


def kept_in(folder: Path) -> list[str]:
    """Every file of recordings, wherever it is."""
    places = (folder / "shelf", folder / "kept")
    return [path.name for place in places for path in place.rglob("*") if path.is_file()]


async def test_a_call_is_recorded_from_its_first_sound_and_sealed(
    node: RunningNode, tmp_path: Path, spoken: Spoken
) -> None:
    announcing(node)
    node.recognises += ["bye"]
    recorder = node.kit.recordings
    assert recorder is not None

    async with node.ring() as client:
        await greeted(node, client)
        during = {path.suffix: path.read_bytes() for path in (tmp_path / "shelf" / "w1").iterdir()}
        await say(node, client, spoken("Thank you bye."))
        await closed(client)
    report = await node.reported()
    await until(lambda: any(name.endswith(".rec") for name in kept_in(tmp_path)))

    assert during.keys() == {".kept"}
    assert report.recording_path == f"2026/03/10/{ATTEMPT}.rec"
    assert recorder.shelf.deliver()
    kept = FolderRecordings(tmp_path / "kept").get(report.recording_path)
    sound = unseal(kept, KEYRING, name=report.recording_path)
    assert sound.is_whole
    assert sound.seconds > 2
    assert b"RIFF" not in kept
    stereo = np.frombuffer(sound.pcm, dtype="<i2").reshape(-1, 2)
    assert np.abs(stereo[: 8_000 // 2, 1]).max() > 5_000, "the opening is on the right"
    assert np.abs(stereo[:, 0]).max() > 1_000, "the caller is on the left"


async def test_what_did_not_hear_the_announcement_is_not_kept(node: RunningNode, tmp_path: Path) -> None:
    async with node.ring() as client:
        await greeted(node, client)
        await client.send({"event": "stop", "stop": {"callSid": "CA1"}})
        await closed(client)
    report = await node.reported()
    await until(lambda: not kept_in(tmp_path))

    assert (report.recording_path, report.recording_purged_because) == (None, "not_announced")


async def test_who_objects_has_the_recording_deleted_and_talks_on(tmp_path: Path, spoken: Spoken) -> None:
    def driver(brief: CallBrief, actions: Actions) -> Driver:
        return Driver(brief, decider=decide_plainly, actions=actions, clock=StillClock())

    node = make_node(tmp_path, make_talker=driver, brain=ScriptedModel())
    announcing(node, script="seller_home_value")
    node.recognises += ["i do not want to be recorded", "yes this is bob"]

    async with listening(node), node.ring() as client:
        await until(lambda: len(agent_lines(node)) > 1)
        await client.until_quiet()
        assert kept_in(tmp_path)
        await say(node, client, spoken("I do not want to be recorded."))
        assert not kept_in(tmp_path)
        await say(node, client, spoken("Yes this is Bob."))
        await client.send({"event": "stop", "stop": {"callSid": "CA1"}})
        await closed(client)
        report = await node.reported()

    assert "Nothing of this call is recorded from now on" in " ".join(turn.text for turn in report.turns)
    assert (report.off_the_record, report.recording_path, report.recording_purged_because) == (True, None, "objection")
    assert {turn.text for turn in report.turns if turn.speaker == "caller"} == {"(not kept)"}
    assert not [item for item in node.live.items if item.text == "yes this is bob"]
    assert report.turns[-1].speaker == "agent"
    assert not kept_in(tmp_path)


async def test_speaking_over_the_agent_silences_it(node: RunningNode, spoken: Spoken) -> None:
    node.recognises += ["a" * 60, "bye"]

    async with node.ring() as client:
        await greeted(node, client)
        client.speak(spoken("Yes this is Bob."))
        await until(lambda: agent_lines(node)[-1].startswith("You said a"))
        await asyncio.sleep(0.5)
        await say(node, client, spoken("No wait thank you bye."))
        await closed(client)
    report = await node.reported()

    assert client.clears
    cut = next(turn for turn in report.turns if turn.interrupted)
    assert len(cut.text) < 70
    assert report.turns[-1].text == "You said bye."


async def test_the_opening_is_finished_and_what_was_said_during_it_counts(node: RunningNode, spoken: Spoken) -> None:
    node.recognises += ["hello"]
    talkers: list[Parrot] = []

    def remember(brief: CallBrief, _: object) -> Parrot:
        talkers.append(Parrot(brief))
        return talkers[-1]

    object.__setattr__(node.kit, "make_talker", remember)
    long_opening = node.cabinet.brief.opening_audio * 5
    node.cabinet.brief = node.cabinet.brief.model_copy(update={"opening_audio": long_opening})

    async with node.ring() as client:
        await say(node, client, spoken("Hello?"))

    assert not client.clears
    assert talkers[0].heard_words == ["hello"]


async def test_nine_during_the_opening_ends_the_call_with_the_number_suppressed(node: RunningNode) -> None:
    async with node.ring() as client:
        await until(lambda: client.first_audio_at)
        await client.press("9")
        await closed(client)
    report = await node.reported()

    assert [entry.evidence for entry in node.cabinet.suppressed] == ["pressed 9"]
    assert report.turns[-1].text == "Removed: done."
    assert (report.ended_by, report.opted_out, node.hung_up) == ("agent", True, ["CA1"])
    assert client.clears


async def test_a_spoken_stop_is_obeyed_before_anything_thinks(node: RunningNode, spoken: Spoken) -> None:
    node.recognises += ["please stop calling me"]
    node.cabinet.is_away = False

    async with node.ring() as client:
        await greeted(node, client)
        client.speak(spoken("Please stop calling me."))
        await closed(client)
    report = await node.reported()

    assert [entry.evidence for entry in node.cabinet.suppressed] == ["please stop calling me"]
    assert [(turn.speaker, turn.text) for turn in report.turns[-2:]] == [
        ("caller", "please stop calling me"),
        ("agent", "Removed: done."),
    ]


async def test_a_machine_is_hung_up_on(node: RunningNode) -> None:
    async with node.ring() as client:
        await until(lambda: client.first_audio_at)
        node.live.orders.put_nowait("amd:machine_start")
        await closed(client)
    report = await node.reported()

    assert (report.ended_by, node.hung_up) == ("agent", ["CA1"])


async def test_the_report_is_home_before_the_line_is_closed(node: RunningNode, spoken: Spoken) -> None:
    node.recognises += ["bye"]

    async with node.ring() as client:
        await greeted(node, client)
        await say(node, client, spoken("Thank you bye."))
        await closed(client)

    assert (node.hung_up, node.reported_first) == (["CA1"], [True])


async def test_a_home_that_does_not_answer_keeps_nobody_on_the_line(node: RunningNode, spoken: Spoken) -> None:
    node.recognises += ["bye"]

    async with node.ring() as client:
        await greeted(node, client)
        node.cabinet.is_away = True
        await say(node, client, spoken("Thank you bye."))
        await closed(client)

    assert (node.hung_up, node.reported_first) == (["CA1"], [False])
    assert [entry.kind for entry in node.desk.spool.entries()] == ["report"]


async def test_a_call_that_is_connected_again_is_reported_as_its_next_part(node: RunningNode) -> None:
    async with node.ring(recovered=1) as client:
        await greeted(node, client)
        await client.send({"event": "stop", "stop": {"callSid": "CA1"}})
        await closed(client)
    report = await node.reported()

    assert report.part == 1
    assert report.recording_path == f"2026/03/10/{ATTEMPT}-1.rec"


@pytest.mark.parametrize(("to", "transferred", "hung_up"), [("+15125550100", 1, 0), ("nowhere", 0, 1)])
async def test_who_wants_a_person_is_put_through(tmp_path: Path, to: str, transferred: int, hung_up: int) -> None:
    class Operator(Parrot):
        async def open(self, early_words: str):  # type: ignore[no-untyped-def]
            state = self.state.model_copy(update={"transferred_to": to, "wants_person": True})
            self.state = state
            yield Move(agent=AgentName.OBJECTIONS, state=state, ends_call=True)

    async with (
        listening(make_node(tmp_path, make_talker=lambda brief, _: Operator(brief))) as node,
        node.ring() as client,
    ):
        await closed(client)
        report = await node.reported()

    assert (len(node.transferred), len(node.hung_up)) == (transferred, hung_up)
    assert (report.ended_by, report.transferred_to, report.wants_person) == ("agent", to, True)


async def test_a_fax_on_the_line_is_heard_through_everything(node: RunningNode) -> None:
    async with node.ring() as client:
        await until(lambda: client.first_audio_at)
        client.speak(to_mulaw(tone(2.0, hertz=2_100)))
        await closed(client)
    report = await node.reported()

    assert (report.ended_by, node.hung_up) == ("agent", ["CA1"])


async def test_a_caller_who_hangs_up_is_reported(node: RunningNode) -> None:
    async with node.ring() as client:
        await greeted(node, client)
        await client.send({"event": "stop", "stop": {"callSid": "CA1"}})
        await closed(client)
    report = await node.reported()

    assert (report.ended_by, report.end_reason, node.hung_up) == ("caller", "hung_up", [])


async def test_a_call_that_breaks_is_reported_and_left_to_the_carriers_recovery(tmp_path: Path) -> None:
    class Broken(Parrot):
        async def open(self, early_words: str):  # type: ignore[no-untyped-def]
            raise RuntimeError("broken on purpose")
            yield

    async with (
        listening(make_node(tmp_path, make_talker=lambda brief, _: Broken(brief))) as node,
        node.ring() as client,
    ):
        await closed(client)
        report = await node.reported()

    assert (report.ended_by, node.hung_up) == ("error", [])
    assert [turn.text for turn in report.turns] == ["Hi, this is Ava."]


async def test_a_stream_without_the_right_token_gets_nothing(node: RunningNode) -> None:
    async with node.ring(token="1.forged") as client:
        await closed(client)

    assert client.first_audio_at is None
    assert node.cabinet.reports == []


async def test_a_worker_that_takes_no_calls_turns_streams_away(node: RunningNode) -> None:
    node.admission.is_ready = False

    async with node.ring() as client:
        await closed(client)

    assert client.first_audio_at is None
    assert node.cabinet.reports == []
