"""Who speaks is heard, and how long the line is silent for it."""

from math import inf

import numpy as np
import pytest

from infra.cli.bench_voice.orders import CIVIL_MOMENT
from infra.cli.bench_voice.our_surroundings import Briefs, FixedClock
from infra.cli.bench_voice.premium import Switched
from infra.cli.bench_voice.premium_heard import Heard, gaps_ms, heard
from infra.cli.bench_voice.premium_parts import PromisingDriver, local_stage, premium_voice
from infra.cli.bench_voice.premium_sound import Speaker, premium_sound, speakers
from infra.cli.bench_voice.premium_vendor import EVERY, running_vendor
from infra.cli.bench_voice.replies import REPLIES, heard_words, is_voiced, spoken, words_of
from infra.cli.bench_voice.track import Said, Track
from infra.simulator.carrier.mulaw import FRAME_BYTES, SILENT_FRAME
from shared.conversation import ActionResult, CallBrief
from shared.conversation.voice_tier import Tier
from shared.kernel.ids import AppointmentId, AttemptId
from tests.voice_node.speech.synthesis.voices import WordByWord
from voice_node.agents.graph import GraphDecider
from voice_node.breaker import Breaker
from voice_node.observers.usage import UsageMeter
from voice_node.speech.mulaw import from_mulaw, to_mulaw
from voice_node.speech.synthesis.elevenlabs.engine import ElevenLabsEngine
from voice_node.speech.synthesis.port import SynthesisFailed
from voice_node.speech.voice import Voice

LOCAL = to_mulaw(b"".join(spoken(REPLIES[0])))
PREMIUM = premium_sound(REPLIES[0])
VOICE = Voice(name="en-us")


def who(sound: bytes) -> list[Speaker]:
    frames = [sound[start : start + FRAME_BYTES] for start in range(0, len(sound), FRAME_BYTES)]
    return speakers(sound, [is_voiced(frame) for frame in frames])


@pytest.mark.parametrize("loudness", [0.4, 1.0, 1.2])
def test_both_voices_are_told_apart_and_say_the_same_words(loudness: float) -> None:
    louder = (np.frombuffer(from_mulaw(PREMIUM), "<i2") * loudness).astype("<i2").tobytes()
    assert who(to_mulaw(louder)) == [Speaker.PREMIUM]
    assert who(LOCAL) == [Speaker.LOCAL]
    assert heard_words(to_mulaw(louder)) == heard_words(LOCAL) == words_of(REPLIES[0])


def test_one_voice_behind_the_other_is_heard_as_that() -> None:
    assert who(PREMIUM + SILENT_FRAME * 5 + LOCAL) == [Speaker.PREMIUM, Speaker.LOCAL]


def call(*answers: bytes) -> Track:
    """A call whose turns are each answered at once by that sound; a last turn is not answered."""
    track, tick = Track(attempt="a"), 0
    for sound in (*answers, b""):
        track.said.append(Said(take="", kind="turn", onset_at=tick / 50, ended_at=(tick + 5) / 50, first_tick=tick))
        track.said[-1].last_tick = tick + 5
        if sound:
            track.voiced_at.append((tick + 25) / 50)
        track.heard += SILENT_FRAME * 25 + sound
        tick = len(track.heard) // FRAME_BYTES
    track.dry = bytearray(tick)
    track.ended = tick / 50
    return track


def report(*decided: float) -> dict[str, object]:
    """What our node says of a call whose answers it decided on at these moments and sent 20 ms later."""
    return {"turns": [{"started": 0.02 + moment, "latency_ms": 20.0} for moment in decided]}


def test_an_answer_is_known_by_its_wait_its_longest_silence_and_its_last_word() -> None:
    half = len(PREMIUM) // FRAME_BYTES // 2 * FRAME_BYTES
    gap, broken = PREMIUM[:half] + SILENT_FRAME * 7 + LOCAL[half:], LOCAL[: FRAME_BYTES * 10]
    first, second, third = heard(call(LOCAL, gap, broken), report(0.45))
    assert (first.silent_ms, second.silent_ms) == (0, 140)
    assert (first.speakers, second.speakers) == ([Speaker.LOCAL], [Speaker.PREMIUM, Speaker.LOCAL])
    assert [first.is_whole, second.is_whole, third.is_whole] == [True, True, False]
    assert first.latency_ms == pytest.approx(400)
    assert first.waited_ms == pytest.approx(50)
    assert second.waited_ms == second.latency_ms  # nobody told when it was decided


def test_an_answer_that_the_calls_end_cut_before_it_was_noted_is_left_out() -> None:
    noted = call(LOCAL, PREMIUM)
    noted.said.pop()
    assert len(heard(noted, report(0.45))) == 1
    assert len(heard(noted, report(0.45, noted.said[1].ended_at + 0.35))) == 2


def answer(latency: float, silent: float, *who: Speaker) -> Heard:
    return Heard(latency_ms=latency, waited_ms=latency, silent_ms=silent, speakers=who, is_whole=True)


def test_the_switch_is_the_first_answer_in_which_the_premium_voice_is_heard() -> None:
    local, premium = answer(400, 0, Speaker.LOCAL), answer(450, 0, Speaker.PREMIUM)
    run = Switched(before=[local], after=[[local, premium, premium], [local], []], faults=0, characters=0)
    assert run.since_the_switch == [[premium, premium], [], []]
    assert run.gap_ms(run.since_the_switch[0]) == 50
    assert run.gap_ms([]) == inf


def test_a_gap_is_what_is_more_than_normal_in_the_same_run() -> None:
    normal = [answer(400, 0), answer(420, 20), answer(900, 60)]
    assert gaps_ms([answer(500, 0), answer(400, 320), answer(inf, 0)], normal=normal) == [80, 300, inf]


async def test_every_second_text_meets_the_vendors_fault() -> None:
    with running_vendor() as vendor:
        engine = ElevenLabsEngine(premium_voice(vendor.url).engine._config)
        vendor.have("breaks")
        reasons = []
        for _ in range(2 * EVERY):
            try:
                assert b"".join([pcm async for pcm in engine.synthesise(REPLIES[0], VOICE)]) == from_mulaw(PREMIUM)
                reasons.append("")
            except SynthesisFailed as failed:
                reasons.append(failed.reason)
        assert reasons == ["", "dropped"] * 2
        assert vendor.faults == 2
        vendor.have("is spent")
        vendor.spend()
        with pytest.raises(SynthesisFailed, match="quota_exceeded"):
            assert [pcm async for pcm in engine.synthesise(REPLIES[0], VOICE)]
        assert vendor.faults == 3
        await engine.close()


class NobodyActs:
    """Nothing is booked and nobody opts out here."""

    async def opt_out(self, brief: CallBrief, words: str) -> ActionResult:
        return ActionResult.DONE

    async def book(self, brief: CallBrief, slot: object, appointment_id: AppointmentId) -> ActionResult:
        return ActionResult.DONE

    async def move(
        self, brief: CallBrief, slot: object, appointment_id: AppointmentId, *, instead_of: AppointmentId | None
    ) -> ActionResult:
        return ActionResult.DONE

    async def cancel(self, brief: CallBrief, appointment_id: AppointmentId | None) -> ActionResult:
        return ActionResult.DONE

    async def stop_recording(self, brief: CallBrief) -> ActionResult:
        return ActionResult.DONE


async def test_the_nodes_own_rule_finds_the_call_worth_it_after_its_first_turn() -> None:
    brief = Briefs().get(AttemptId("a"))
    driver = PromisingDriver(brief, decider=GraphDecider(), actions=NobodyActs(), clock=FixedClock(moment=CIVIL_MOMENT))
    with running_vendor() as vendor:
        premium, usage = premium_voice(vendor.url), UsageMeter()
        tiers = premium.for_call(
            brief, usage, lambda: driver.state, local=[local_stage(WordByWord(), Breaker(lambda: 0.0))]
        )
        await premium.engine.warm(VOICE)
        async for _ in driver.open(""):
            pass
        for turn in range(3):
            async for _ in driver.heard("We sold ours last week."):
                tiers.begin_turn(turn)
        await premium.close()
    assert [each.tier for each in usage.voice_tiers] == [Tier.LOCAL, Tier.PREMIUM, Tier.PREMIUM]
