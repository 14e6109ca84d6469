"""Speech of the voice node: the embedded engines, and what the pipeline needs to use them."""

from voice_node.speech.voice import AGENT_VOICE, CALLER_VOICES, UnknownVoice, Voice

__all__ = ["AGENT_VOICE", "CALLER_VOICES", "UnknownVoice", "Voice"]
