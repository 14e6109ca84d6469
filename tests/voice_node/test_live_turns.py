"""Turns over a real websocket at real pace: what is prepared, what is cut short, what goes on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from shared.conversation import CallBrief, Move
from tests.voice_node.conftest import RunningNode, listening, make_node
from tests.voice_node.doubles import PlainBrain, ScriptedEars
from tests.voice_node.media_client import until
from tests.voice_node.test_live_call import agent_lines, closed, greeted, say
from voice_node.speech.mulaw import to_mulaw

Spoken = Callable[[str], bytes]


@pytest.fixture
async def keen(tmp_path: Path) -> AsyncIterator[RunningNode]:
    """A node whose recogniser guesses while people talk."""
    node = make_node(tmp_path)
    engines = replace(node.kit.engines, speech_to_text=lambda *_: ScriptedEars(node.recognises, interim_after=5))
    node.kit = replace(node.kit, engines=engines)
    async with listening(node) as running:
        yield running


async def test_prepared_replies_are_said_as_if_they_had_not_been(keen: RunningNode, spoken: Spoken) -> None:
    keen.recognises += ["yes this is bob", "bye"]

    async with keen.ring() as client:
        await greeted(keen, client)
        await say(keen, client, spoken("Yes this is Bob."))
        await say(keen, client, spoken("Thank you bye."))
        await closed(client)
    report = await keen.reported()

    assert [turn.text for turn in report.turns] == [
        "Hi, this is Ava.",
        "Is this Bob?",
        "yes this is bob",
        "You said yes this is bob.",
        "bye",
        "You said bye.",
    ]
    assert not client.clears


async def test_after_a_listening_noise_every_word_is_heard_once(keen: RunningNode, spoken: Spoken) -> None:
    sentence = " ".join(f"word{number}" for number in range(12))
    keen.recognises += [sentence, "okay", "bye"]

    async with keen.ring() as client:
        await greeted(keen, client)
        client.speak(spoken("Yes this is Bob."))
        await until(lambda: agent_lines(keen)[-1].startswith("You said word"))
        await until(lambda: len(client.heard) and client.is_playing)
        client.speak(b"\xff" * 4_000 + spoken("okay"))
        await until(lambda: len(client.clears) == 1)
        await until(lambda: client.is_playing)
        await client.until_quiet()
        await say(keen, client, spoken("Thank you bye."))
        await closed(client)
    report = await keen.reported()

    said = " ".join(turn.text for turn in report.turns if turn.speaker == "agent")
    assert f"You said {sentence}." in said
    assert [turn.text for turn in report.turns if turn.speaker == "caller"] == [sentence, "okay", "bye"]


async def test_a_listening_noise_before_the_rest_is_found_loses_nothing_of_it(
    keen: RunningNode, spoken: Spoken
) -> None:
    murmured = asyncio.Event()

    class SlowBrain:
        async def word(self, brief: CallBrief, move: Move, heard: str) -> AsyncIterator[str]:
            async for text in PlainBrain().word(brief, move, heard):
                first, _, rest = text.partition(", ")
                yield first
                if rest:
                    await murmured.wait()
                    yield rest

    object.__setattr__(keen.kit, "brain", SlowBrain())
    keen.recognises += ["well, that is all I can tell you of it", "okay", "bye"]

    async with keen.ring() as client:
        await greeted(keen, client)
        client.speak(spoken("Yes this is Bob."))
        await until(lambda: "You said well" in agent_lines(keen))
        await client.until_quiet(0.1)
        client.speak(spoken("okay"))
        await until(lambda: not client.is_speaking)
        murmured.set()
        await until(lambda: agent_lines(keen)[-1] == "that is all I can tell you of it.")
        await client.until_quiet()
        await say(keen, client, spoken("Thank you bye."))
        await closed(client)


async def test_noise_on_the_line_makes_us_pause_at_most(keen: RunningNode, spoken: Spoken) -> None:
    noise = (np.random.default_rng(5).standard_normal(4_000) * 4_000).astype("<i2").tobytes()
    keen.recognises += ["a long answer that takes some seconds to be said aloud", "bye"]

    async with keen.ring() as client:
        await greeted(keen, client)
        client.speak(spoken("Yes this is Bob."))
        await until(lambda: agent_lines(keen)[-1].startswith("You said"))
        client.speak(b"\xff" * 4_000 + to_mulaw(noise))
        await client.until_quiet()
        await say(keen, client, spoken("Thank you bye."))
        await closed(client)
    report = await keen.reported()

    said = " ".join(turn.text for turn in report.turns if turn.speaker == "agent")
    assert "You said a long answer that takes some seconds to be said aloud." in said
