"""What the environment decides about a voice node: every block of settings that it reads."""

from dataclasses import dataclass

from shared.brain_settings import BrainSettings
from shared.recording_settings import RecordingSettings
from shared.settings import (
    ClockSettings,
    DatabaseSettings,
    NodeSettings,
    RedisSettings,
    TwilioSettings,
    WorkerSettings,
    read,
)
from shared.speech_settings import SpeechSettings
from shared.talk_settings import TalkSettings
from voice_node.speech.running_voices import VoiceConfig


@dataclass(frozen=True, kw_only=True)
class NodeConfig:
    """Every block of settings the node reads."""

    worker: WorkerSettings
    brain: BrainSettings
    speech: SpeechSettings
    recording: RecordingSettings
    node: NodeSettings
    database: DatabaseSettings
    redis: RedisSettings
    twilio: TwilioSettings
    clock: ClockSettings
    voices: VoiceConfig
    talk: TalkSettings

    @classmethod
    def from_environment(cls) -> "NodeConfig":
        """Read all blocks.

        Raises:
            BadSettings: A variable is missing or unreadable.
        """
        return cls(
            worker=read(WorkerSettings),
            brain=read(BrainSettings),
            speech=read(SpeechSettings),
            recording=read(RecordingSettings),
            node=read(NodeSettings),
            database=read(DatabaseSettings),
            redis=read(RedisSettings),
            twilio=read(TwilioSettings),
            clock=read(ClockSettings),
            voices=VoiceConfig.from_environment(),
            talk=read(TalkSettings),
        )
