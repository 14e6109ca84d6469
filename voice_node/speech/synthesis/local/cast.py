"""Who of an engine speaks for whom of ours."""

from collections.abc import Mapping

from voice_node.speech.voice import UnknownVoice, Voice

ALL_OTHERS = "*"
NORMAL_WORDS_PER_MINUTE = 160


def cast_as(cast: Mapping[str, str], voice: Voice) -> str:
    """The engine's name for a voice of ours.

    Raises:
        UnknownVoice: The cast has nobody for it.
    """
    try:
        return cast.get(voice.name) or cast[ALL_OTHERS]
    except KeyError:
        raise UnknownVoice(voice.name) from None
