"""The processors of a call in order: the whole picture on one screen."""

from dataclasses import dataclass

from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.transports.base_transport import BaseTransport

from voice_node.media.messages import SAMPLE_RATE_HZ
from voice_node.processors.ear import Ear
from voice_node.processors.mouth import Mouth
from voice_node.processors.opt_out_guard import OptOutGuard
from voice_node.processors.speech_gate import SpeechGate
from voice_node.turns.taking import TurnTaking


@dataclass(frozen=True, kw_only=True)
class CallProcessors:
    """What differs from call to call."""

    stream: BaseTransport
    ear: Ear
    speech_to_text: FrameProcessor
    guard: OptOutGuard
    turns: TurnTaking
    mouth: Mouth
    text_to_speech: FrameProcessor
    gate: SpeechGate


def build_worker(call: CallProcessors) -> PipelineWorker:
    """One call as a Pipecat worker: 8,000 Hz in and out, no RTVI, ended by us alone.

    caller ─▶ stream ─▶ ear ─▶ speech-to-text ─▶ opt-out guard ─▶ turns ─┐ transcripts end here,
    caller ◀─ stream ◀─ speech gate ◀─ text-to-speech ◀────────── mouth ◀─┘ turns to the dialogue
    """
    pipeline = Pipeline(
        [
            call.stream.input(),
            call.ear,
            call.speech_to_text,
            call.guard,
            call.turns,
            call.mouth,
            call.text_to_speech,
            call.gate,
            call.stream.output(),
        ]
    )
    return PipelineWorker(
        pipeline,
        params=PipelineParams(audio_in_sample_rate=SAMPLE_RATE_HZ, audio_out_sample_rate=SAMPLE_RATE_HZ),
        enable_rtvi=False,
        enable_turn_tracking=False,
        idle_timeout_secs=None,
        cancel_on_idle_timeout=False,
        cancel_runner_on_idle_timeout=False,
        check_dangling_tasks=False,
    )
