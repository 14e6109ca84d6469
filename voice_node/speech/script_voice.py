"""The voice of a call: the campaign's, at the pace of its script."""

from shared.conversation import CallBrief
from shared.conversation.script import script_of
from voice_node.speech.voice import Voice


def voice_of(brief: CallBrief) -> Voice:
    """How the agent speaks in this call.

    Raises:
        UnknownVoice: The brief names a voice that cannot be one.
    """
    return Voice(name=brief.agent_voice, words_per_minute=script_of(brief).voice.words_per_minute)
