"""The voices of a node, put together from settings: what a call hears when all is well, and when it is not."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from pipecat.frames.frames import Frame, TTSAudioRawFrame, TTSSpeakFrame
from pipecat.pipeline.worker import PipelineParams
from pipecat.tests.utils import run_test
from pydantic import SecretStr

from infra.simulator.elevenlabs import Account, Behaviour, running_elevenlabs
from shared.adapters.redis.connect import make_bytes_redis
from shared.adapters.redis.prepared_audio import RedisAudio
from shared.conversation import CallBrief, ConversationState, Fact, Stage
from shared.conversation.script import script_text
from shared.conversation.script_book import body_of
from shared.conversation.voice_tier import Tier, TierReason
from shared.kernel.errors import Unavailable
from shared.voice_settings import PremiumSettings, VoiceSettings
from tests.voice_node.doubles import make_brief
from tests.voice_node.speech.synthesis.small_models import make_piper_voice
from voice_node.frames import UtteranceStartFrame
from voice_node.observers.usage import UsageMeter
from voice_node.speech.prepared.cache import RemoteShelf
from voice_node.speech.script_voice import voice_of
from voice_node.speech.synthesis.local.engines import piper_engine
from voice_node.speech.voice import Voice
from voice_node.speech.voices import NodeVoices
from voice_node.turns.playout import Utterance

BRIEF = make_brief(script="rental", phone="+15125550142")
TELEPHONE = PipelineParams(audio_in_sample_rate=8000, audio_out_sample_rate=8000)


@asynccontextmanager
async def voices_of(
    folder: Path, *, premium: PremiumSettings | None = None, redis: RemoteShelf | None = None, **local: object
) -> AsyncIterator[NodeVoices]:
    """Running voices that prepare in a folder of their own."""
    settings = VoiceSettings.model_construct(
        **{**VoiceSettings().model_dump(), "prepared": folder / "prepared", **local}
    )
    voices = NodeVoices(
        settings, premium or PremiumSettings(), models=folder, redis=redis,
        now=asyncio.get_running_loop().time, today=lambda: date(2026, 11, 1),
    )  # fmt: skip
    try:
        await voices.start()
        yield voices
    finally:
        await voices.close()


@dataclass
class OneCall:
    """A call's speech: what it is asked to say, turn by turn, and what was used."""

    voices: NodeVoices
    state: ConversationState = field(default_factory=ConversationState)
    usage: UsageMeter = field(default_factory=UsageMeter)
    brief: CallBrief = BRIEF
    turns: int = 0

    async def says(self, *turns: str) -> Sequence[Frame]:
        frames: list[Frame] = []
        for number, text in enumerate(turns, start=self.turns + 1):
            self.turns = number
            frames += [UtteranceStartFrame(Utterance(number=number, turn=number, text=text)), TTSSpeakFrame(text)]
        speech = self.voices.for_call(self.brief, self.usage, lambda: self.state)
        down, _ = await run_test(speech, frames_to_send=frames, pipeline_params=TELEPHONE, start_timeout=30)
        return [frame for frame in down if isinstance(frame, TTSAudioRawFrame)]

    def spoken(self) -> dict[str, int]:
        total = self.usage.total(stream_seconds=1, speech_to_text="pocketsphinx", text_to_speech=self.voices.vendor)
        return {line.vendor: int(line.quantity) for line in total if line.component == "text_to_speech"}


HOT = ConversationState(
    stage=Stage.SCHEDULING,
    facts={
        "timeline": Fact(field="timeline", value="asap_0_1m", turn=1, quote="now"),
        "motivation": Fact(field="motivation", value={"strength": 3}, turn=2, quote="a new job"),
        "financing": Fact(field="financing", value="cash", turn=3, quote="cash"),
        "agent_status": Fact(field="agent_status", value="none", turn=3, quote="no"),
    },
)


async def test_without_settings_espeak_speaks(tmp_path: Path) -> None:
    async with voices_of(tmp_path) as voices:
        call = OneCall(voices)
        assert await call.says("Hello.")
        assert call.spoken() == {"espeak": 6}
        assert voices.vendor == "espeak"
        assert await voices.render_mulaw("Hello.", Voice(name="en-us"))


async def test_a_voice_without_its_model_is_left_out_and_espeak_speaks(tmp_path: Path) -> None:
    async with voices_of(tmp_path, local=("piper",)) as voices:
        call = OneCall(voices)
        assert await call.says("Hello.")
        assert call.spoken() == {"espeak": 6}


async def test_piper_speaks_where_its_model_is(tmp_path: Path) -> None:
    make_piper_voice(tmp_path)
    async with voices_of(tmp_path, local=("piper",), piper={"*": "en_US-tone-low"}) as voices:
        call = OneCall(voices)
        assert await call.says("Hello.")
        assert call.spoken() == {"piper": 6}


async def test_what_a_script_says_is_prepared_and_costs_nothing_then(tmp_path: Path) -> None:
    async with voices_of(tmp_path) as voices:
        await OneCall(voices).says("Hello.")
        working = asyncio.create_task(voices.work()["prepared speech"])
        assert voices._preparation
        await voices._preparation.all_made()
        working.cancel()
        call = OneCall(voices)
        assert await call.says("How many bedrooms do you need?")
        assert call.spoken() == {"espeak": 0}
    names = b"".join(path.read_bytes()[:4] for path in (tmp_path / "prepared").iterdir())
    assert set(names) == set(b"RPA1")


async def test_another_version_of_the_script_is_prepared_and_spoken_at_its_own_pace(tmp_path: Path) -> None:
    text = script_text("rental").replace("pace: normal", "pace: calm").replace("How many bedrooms", "How many rooms")
    changed = BRIEF.model_copy(update={"script_version": 2, "script_body": body_of(text)})
    async with voices_of(tmp_path) as voices:
        for brief in (BRIEF, changed):
            await OneCall(voices, brief=brief).says("Hello.")
        working = asyncio.create_task(voices.work()["prepared speech"])
        assert voices._preparation
        await voices._preparation.all_made()
        working.cancel()
        calls = [OneCall(voices, brief=brief) for brief in (BRIEF, changed)]
        heard = [await call.says("Got it.") for call in calls]
        lengths = [sum(len(each.audio) for each in frames if isinstance(each, TTSAudioRawFrame)) for frames in heard]
        assert await calls[1].says("How many rooms do you need?")
        assert [call.spoken() for call in calls] == [{"espeak": 0}] * 2
        assert lengths[0] < lengths[1]
    assert (voice_of(BRIEF).words_per_minute, voice_of(changed).words_per_minute) == (160, 140)


async def test_what_one_node_prepared_another_finds_in_redis(tmp_path: Path, redis_url: str) -> None:
    async with make_bytes_redis(redis_url) as client:
        shelf = RedisAudio(client)
        for folder, made in ((tmp_path / "one", True), (tmp_path / "other", False)):
            async with voices_of(folder, redis=shelf, prepared_bytes=0) as voices:
                working = asyncio.create_task(voices.work()["prepared speech"])
                voices.for_call(BRIEF, UsageMeter(), ConversationState)
                assert voices._preparation
                await voices._preparation.all_made()
                working.cancel()
                # What names a person never leaves the node that speaks to them.
                assert (voices._preparation.made > 50) is made


@pytest.mark.parametrize("fault", ["none", "quota", "drop", "slow", "away"])
async def test_a_promising_call_gets_the_premium_voice_at_a_turns_beginning(tmp_path: Path, fault: str) -> None:
    account, behaviour = Account(), Behaviour()
    async with running_elevenlabs(account, behaviour) as url:
        address = "http://127.0.0.1:9" if fault == "away" else url
        premium = PremiumSettings.model_construct(
            **{
                **PremiumSettings().model_dump(),
                "api_key": SecretStr(account.api_key),
                "cast": {"*": "v-ava"},
                "base_url": address,
                "hold_out": PremiumSettings().hold_out * 0,
            }
        )
        async with voices_of(tmp_path, premium=premium) as voices:
            call = OneCall(voices, state=HOT)
            await call.says("One moment.")
            await until_warm(voices, expected=fault != "away")
            if fault == "quota":
                account.character_limit = 0
            elif fault == "drop":
                behaviour.drop_after_characters = lambda: 8
            elif fault == "slow":
                behaviour.first_byte_seconds = lambda: 30.0
            assert await call.says("Thursday at two is free. Would that work for you?")
    decided = call.usage.voice_tiers
    assert [each.tier for each in decided] == [Tier.LOCAL, Tier.LOCAL if fault == "away" else Tier.PREMIUM]
    assert decided[0].reason is TierReason.NOT_READY
    spoken = call.spoken()
    assert ("elevenlabs_flash" in spoken) is (fault != "away")
    assert spoken["espeak"] > 11 or fault == "none"


def test_no_voice_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="reauto models pull"):
        asyncio.run(_without_espeak(tmp_path))


async def _without_espeak(folder: Path) -> None:
    voices = NodeVoices(
        VoiceSettings(), PremiumSettings(), models=folder, redis=None, now=lambda: 0.0, today=lambda: date(2026, 11, 1)
    )
    voices._engines = [piper_engine(folder, {"*": "nobody"}, threads=1)]
    await voices.start()


async def until_warm(voices: NodeVoices, *, expected: bool) -> None:
    """The connection is made behind the turn."""
    assert voices._premium
    for _ in range(300):
        if voices._premium.engine.is_warm(Voice(name=BRIEF.agent_voice)) is expected:
            return
        await asyncio.sleep(0.01)
