"""One call put together: its line, its processors, its dialogue and those who take notes."""

import time
from contextlib import ExitStack
from dataclasses import dataclass

from pipecat.frames.frames import InputDTMFFrame
from pipecat.transports.base_transport import BaseTransport

from shared.campaigns.opening import announces_recording
from shared.conversation import CallBrief
from voice_node.call_actions import CallActions
from voice_node.cast import Voices
from voice_node.dialogue import Dialogue
from voice_node.events import (
    CallerGoesOn,
    CallerMayBeDone,
    CallerSaid,
    KeyPressed,
    LineGone,
    MusicHeard,
    SpeechOver,
    ToneHeard,
)
from voice_node.frames import CallerTurnFrame
from voice_node.kit import CallKit, FeedItem, TalkerWithState
from voice_node.line import CallSide, Line
from voice_node.media.recording import NoRecording, Recording
from voice_node.media.tones import ToneFilter
from voice_node.minutes import Minutes
from voice_node.observers.latency import LatencyMeter
from voice_node.observers.transcript import Kind, Speaker, Transcript
from voice_node.observers.usage import UsageMeter
from voice_node.pipeline import CallProcessors
from voice_node.processors.ear import Ear
from voice_node.processors.mouth import Mouth
from voice_node.processors.opt_out_guard import OptOutGuard
from voice_node.processors.speech_gate import SpeechGate
from voice_node.turns.end_of_turn import shared_model
from voice_node.turns.endings import PENDING, Expected
from voice_node.turns.hold_music import MusicFilter
from voice_node.turns.playout import Playout, Utterance
from voice_node.turns.silence import SilenceLadder
from voice_node.turns.taking import TurnListeners, TurnTaking


class LineClock:
    """Seconds since the stream began."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def __call__(self) -> float:
        """How long ago the stream began."""
        return time.monotonic() - self._started


@dataclass(frozen=True, kw_only=True)
class Call:
    """The parts of one call that outlive its assembly."""

    brief: CallBrief
    line: Line
    minutes: Minutes
    usage: UsageMeter
    talker: TalkerWithState
    dialogue: Dialogue
    processors: CallProcessors
    stream: BaseTransport
    now: LineClock
    recording: Recording | NoRecording


def put_together(line: Line, minutes: Minutes, *, kit: CallKit, now: LineClock, closing: ExitStack) -> Call:
    """Wire one call. ``closing`` gets the recording's file, which must be closed however the call ends."""
    brief = minutes.brief
    playout, usage = Playout(now), UsageMeter()
    recording = _recording(brief, kit, closing)
    tones, music = ToneFilter(), MusicFilter()

    def listen(pcm: bytes) -> None:
        recording.caller(pcm)
        for tone in tones.listen(pcm):
            dialogue.inbox.put_nowait(ToneHeard(tone=tone))
        if (is_playing := music.listen(pcm)) is not None:
            dialogue.inbox.put_nowait(MusicHeard(is_playing=is_playing))

    stream = line.connect(
        CallSide(
            playout=playout,
            recording=recording,
            on_audio=listen,
            on_end=lambda: dialogue.inbox.put_nowait(LineGone()),
        )
    )

    def tell(speaker: Speaker, kind: Kind, text: str) -> None:
        kit.live.tell(
            FeedItem(
                attempt_id=brief.attempt_id,
                call_sid=line.call_sid,
                speaker=speaker,
                kind=kind,
                text=text,
                at=kit.clock.now(),
            )
        )

    transcript = Transcript(minutes, tell=tell)

    def heard(frame: CallerTurnFrame | InputDTMFFrame) -> None:
        if isinstance(frame, CallerTurnFrame):
            transcript.caller_turn(frame)
            if not frame.wants_answer:
                return
            dialogue.inbox.put_nowait(CallerSaid(text=frame.text, at=now(), number=len(minutes.turns)))
        else:
            dialogue.inbox.put_nowait(KeyPressed(digit=frame.button.value, at=now()))

    def announced(utterance: Utterance) -> None:
        if announces_recording(utterance.heard):
            recording.announced()

    async def stop_calling(words: str) -> None:
        transcript.opt_out(words, now())
        await dialogue.stop_calling(words)

    talker = kit.make_talker(
        brief, CallActions(desk=kit.desk, recorder=kit.recordings, recording=recording, transcript=transcript)
    )
    gate = SpeechGate(playout=playout)
    turns = TurnTaking(
        playout=playout,
        gate=gate,
        now=now,
        model=shared_model(),
        expected=lambda: PENDING.get(talker.state.pending or "", Expected.ANYTHING),
        listeners=TurnListeners(
            words=transcript.caller_words,
            may_be_over=lambda text: dialogue.inbox.put_nowait(CallerMayBeDone(text=text)),
            goes_on=lambda: dialogue.inbox.put_nowait(CallerGoesOn()),
            finish=lambda: ear.finish(),
        ),
    )
    ear = Ear(on_audio=turns.hear, on_sound=turns.sound)
    mouth = Mouth(playout=playout, gate=gate, on_heard=heard)
    voices = Voices(
        mouth=mouth,
        brain=kit.brain,
        playout=playout,
        silence=SilenceLadder(playout=playout, caller=turns, now=now),
    )
    dialogue = Dialogue(
        brief,
        talker=talker,
        voices=voices,
        minutes=minutes,
        opt_out=lambda words: kit.desk.opt_out(brief, words),
        now=now,
    )
    playout.listeners.started += [
        LatencyMeter(minutes).agent_started,
        transcript.agent_started,
    ]
    playout.listeners.over += [transcript.agent_finished, announced, lambda _: dialogue.inbox.put_nowait(SpeechOver())]
    processors = CallProcessors(
        stream=stream,
        ear=ear,
        speech_to_text=kit.engines.speech_to_text(brief, usage),
        guard=OptOutGuard(is_opt_out=kit.is_opt_out, on_opt_out=stop_calling),
        turns=turns,
        mouth=mouth,
        text_to_speech=kit.engines.text_to_speech(brief, usage, lambda: talker.state),
        gate=gate,
    )
    return Call(
        brief=brief,
        line=line,
        minutes=minutes,
        usage=usage,
        talker=talker,
        dialogue=dialogue,
        processors=processors,
        stream=stream,
        now=now,
        recording=recording,
    )


def _recording(brief: CallBrief, kit: CallKit, closing: ExitStack) -> Recording | NoRecording:
    if kit.recordings is None:
        return NoRecording()
    recording = kit.recordings.begin(brief)
    return closing.enter_context(recording) if isinstance(recording, Recording) else recording
