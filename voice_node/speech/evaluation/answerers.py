"""Who may answer, as sound with a label: people and machines, after silence of a known length. Synthetic."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Literal

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from voice_node.speech.evaluation.line import CLEAN, RATE_HZ, carried
from voice_node.speech.evaluation.speaking import Speaker
from voice_node.speech.levels import to_pcm

Kind = Literal["human", "voicemail", "mailbox_full", "ivr", "screening", "fax"]
FILE = files("voice_node.speech") / "data" / "answerers.yaml"
PAUSE_SECONDS, BEFORE_BEEP_SECONDS = 0.5, 0.6
TONE_LEVEL = 0.25
BEEP_HZ, BEEP_SECONDS = 1_000.0, 0.6
ANSWERING_HZ, ANSWERING_SECONDS = 2_100.0, 2.9
REVERSAL_SECONDS, SWELL_HZ, SWELL = 0.45, 15.0, 0.2
"""Modern machines turn the phase of the tone so often, and let it swell and fade (ITU-T V.8)."""


class Answerer(BaseModel):
    """Who answers, what they say part by part, whether it ends with a beep; or which tone of a fax sounds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    says: tuple[str, ...] = ()
    beep: bool = False
    tone: Literal["", "answering", "modern"] = ""


WONDERING = Answerer(kind="human", says=("Hello?", "Hello? Are you there?"))
"""What a person says to a caller who has fallen silent."""


def answerers() -> Sequence[Answerer]:
    """The labelled set."""
    kept = yaml.safe_load(FILE.read_text(encoding="utf-8"))["answerers"]
    return tuple(Answerer.model_validate(each) for each in kept)


async def recorded(answerer: Answerer, speaker: Speaker, *, silence_seconds: float, seed: int) -> NDArray[np.int16]:
    """What the line brings from the moment of the answer: 16-bit samples at 8,000 Hz, through mu-law.

    Raises:
        Unavailable: The engine failed.
    """
    parts = [_nothing(silence_seconds)]
    for place, text in enumerate(answerer.says):
        if place:
            parts.append(_nothing(PAUSE_SECONDS))
        parts.append(await speaker.say(text))
    if answerer.beep:
        parts += [_nothing(BEFORE_BEEP_SECONDS), _tone(BEEP_HZ, BEEP_SECONDS)]
    if answerer.tone:
        parts.append(_tone(ANSWERING_HZ, ANSWERING_SECONDS, is_modern=answerer.tone == "modern"))
    return carried(b"".join(parts), CLEAN, np.random.default_rng(seed))


def _tone(hertz: float, seconds: float, *, is_modern: bool = False) -> bytes:
    moments = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    sound = TONE_LEVEL * np.sin(2 * np.pi * hertz * moments)
    if is_modern:
        sound *= (1 + SWELL * np.sin(2 * np.pi * SWELL_HZ * moments)) * (-1) ** (moments // REVERSAL_SECONDS)
    return to_pcm(sound.astype(np.float32))


def _nothing(seconds: float) -> bytes:
    return bytes(2 * int(seconds * RATE_HZ))
