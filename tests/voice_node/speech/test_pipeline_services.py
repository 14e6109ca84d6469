"""The engines as the call's pipeline sees them: frames in, frames out."""

from collections.abc import Sequence

from pipecat.frames.frames import (
    BotStoppedSpeakingFrame,
    CancelFrame,
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    InterruptionFrame,
    STTMetadataFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    TTSSpeakFrame,
    TTSStartedFrame,
    TTSStoppedFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.pipeline.worker import PipelineParams
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.tests.utils import SleepFrame, run_test

from tests.voice_node.speech.synthesis.voices import WordByWord
from tests.voice_node.speech.telephone import SILENCE, chunks, over_the_line
from voice_node.frames import UtteranceStartFrame
from voice_node.speech.espeak import EspeakEngine
from voice_node.speech.recognition import Heard
from voice_node.speech.recognition.process_pool import ProcessPool
from voice_node.speech.recognition.speech_to_text import SpeechToText
from voice_node.speech.renderer import Renderer
from voice_node.speech.synthesis.metered import Metered
from voice_node.speech.synthesis.processor import SpeechService
from voice_node.speech.voice import AGENT_VOICE
from voice_node.turns.playout import Utterance

TELEPHONE = PipelineParams(audio_in_sample_rate=8000, audio_out_sample_rate=8000)


def sound(pcm: bytes) -> list[Frame]:
    return [InputAudioRawFrame(audio=chunk, sample_rate=8000, num_channels=1) for chunk in chunks(pcm)]


async def answers(processor: FrameProcessor, frames: Sequence[Frame]) -> Sequence[Frame]:
    down, _ = await run_test(processor, frames_to_send=frames, pipeline_params=TELEPHONE, start_timeout=30)
    return down


async def test_speech_between_the_voice_detectors_marks_becomes_text(pool: ProcessPool, renderer: Renderer) -> None:
    told: list[tuple[float, str]] = []

    async def report(amount: float, vendor: str) -> None:
        told.append((amount, vendor))

    pcm = over_the_line(renderer, "Please take me off your list.")
    # The voice detector is sure only once the first word is under way.
    frames = [*sound(pcm[:8_000]), VADUserStartedSpeakingFrame(start_secs=0.2), *sound(pcm[8_000:])]
    down = await answers(
        SpeechToText(pool.for_call(), report_seconds=report), [*frames, VADUserStoppedSpeakingFrame(stop_secs=0.2)]
    )
    texts = [frame for frame in down if isinstance(frame, TranscriptionFrame)]
    assert [(frame.text, frame.finalized) for frame in texts] == [("please take me off your list", True)]
    assert any(isinstance(frame, InterimTranscriptionFrame) for frame in down)
    assert told == [(len(pcm) / 16_000, "pocketsphinx")]
    assert all(isinstance(frame.result, Heard) for frame in texts)
    assert not any(isinstance(frame, InputAudioRawFrame) for frame in down)
    assert any(isinstance(frame, STTMetadataFrame) and frame.ttfs_p99_latency < 0.5 for frame in down)


async def test_sound_without_a_voice_is_not_listened_to(pool: ProcessPool, renderer: Renderer) -> None:
    down = await answers(SpeechToText(pool.for_call()), sound(over_the_line(renderer, "Hello there.")))
    assert not [f for f in down if isinstance(f, TranscriptionFrame | InterimTranscriptionFrame)]


async def test_a_noise_without_words_gives_no_text_but_is_told(pool: ProcessPool) -> None:
    service, told = SpeechToText(pool.for_call()), list[object]()

    @service.event_handler("on_nothing_understood")  # type: ignore[untyped-decorator]
    async def remember(source: object) -> None:
        told.append(source)

    frames = [VADUserStartedSpeakingFrame(), *sound(SILENCE), VADUserStoppedSpeakingFrame()]
    down = await answers(service, frames)
    assert not [frame for frame in down if isinstance(frame, TranscriptionFrame)]


async def test_speech_that_is_cut_off_with_the_call_is_paid_for_too(pool: ProcessPool) -> None:
    told: list[tuple[float, str]] = []

    async def report(amount: float, vendor: str) -> None:
        told.append((amount, vendor))

    frames = [VADUserStartedSpeakingFrame(), *sound(SILENCE), CancelFrame()]
    service = SpeechToText(pool.for_call(), report_seconds=report)
    await run_test(service, frames_to_send=frames, pipeline_params=TELEPHONE, start_timeout=30, send_end_frame=False)
    assert [vendor for _, vendor in told] == ["pocketsphinx"]


async def test_two_stretches_of_speech_are_two_finals_in_order(pool: ProcessPool, renderer: Renderer) -> None:
    frames: list[Frame] = []
    for line in ("Please take me off your list.", "Are you a robot?"):
        frames += [VADUserStartedSpeakingFrame(), *sound(over_the_line(renderer, line)), VADUserStoppedSpeakingFrame()]
    down = await answers(SpeechToText(pool.for_call()), frames)
    texts = [frame.text for frame in down if isinstance(frame, TranscriptionFrame)]
    assert texts == ["please take me off your list", "are you a robot"]


async def test_a_text_becomes_telephone_sound(engine: EspeakEngine) -> None:
    characters: list[tuple[int, str]] = []

    async def report(count: int, vendor: str) -> None:
        characters.append((count, vendor))

    text = "Hello. This is Ava."
    down = await answers(SpeechService(Metered(engine, report), AGENT_VOICE), [TTSSpeakFrame(text)])
    heard = [frame for frame in down if isinstance(frame, TTSAudioRawFrame)]
    kinds = [type(frame) for frame in down if isinstance(frame, TTSStartedFrame | TTSStoppedFrame | TTSAudioRawFrame)]
    assert kinds == [TTSStartedFrame, TTSAudioRawFrame, TTSAudioRawFrame, TTSStoppedFrame]
    assert sum(len(frame.audio) for frame in heard) == len(await engine.render(text, AGENT_VOICE))
    assert {frame.sample_rate for frame in heard} == {8000}
    assert characters == [(len(text), "espeak")]
    assert not [frame for frame in down if isinstance(frame, BotStoppedSpeakingFrame)]


async def test_a_turn_begins_once_and_anew_when_what_was_spoken_is_taken_back() -> None:
    begun: list[int] = []
    frames: list[Frame] = []
    for number, turn in enumerate((3, 3, 4)):
        frames.append(UtteranceStartFrame(Utterance(number=number, turn=turn, text="Yes.")))
    frames += [
        SleepFrame(),
        InterruptionFrame(),
        SleepFrame(),
        UtteranceStartFrame(Utterance(number=3, turn=4, text="Yes.")),
    ]
    await answers(SpeechService(WordByWord(), AGENT_VOICE, on_turn=begun.append), frames)
    assert begun == [3, 4, 4]
