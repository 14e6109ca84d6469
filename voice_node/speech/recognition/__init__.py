"""Speech becomes text: one port for every engine, and the processor of a call that speaks through it."""

from voice_node.speech.recognition.port import (
    EngineFacts,
    Heard,
    Listened,
    Recogniser,
    RecognitionEngine,
    Utterance,
)

__all__ = ["EngineFacts", "Heard", "Listened", "Recogniser", "RecognitionEngine", "Utterance"]
