"""What the callers say: recorded once with our own speaker, over a line that is never quite silent."""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from infra.simulator.carrier.mulaw import FRAME_BYTES, SAMPLE_RATE_HZ, encoded
from voice_node.speech.renderer import Renderer
from voice_node.speech.voice import Voice

Kind = Literal["turn", "interruption", "murmur", "noise", "pause", "line"]
LINE_NOISE_DBFS = -64.0
LINE_SECONDS = 4
SPEECH_LEVEL = 300
"""Of 32,768: what is louder is speech, or at least not the line."""
PAUSES = (0.4, 0.6, 0.8, 1.0)

_SISTER, _FINE, _FOUND, _SOLD = (
    "It was just me and my sister.",
    "That would be fine with me.",
    "We found it on the internet.",
    "We sold ours last week.",
)
_TURNS = (
    (_FOUND, "klatt3"), (_SOLD, "klatt4"), (_FINE, "m6"), (_SISTER, "benjamin"), (_SOLD, "m5"),
    (_FOUND, "m6"), (_SISTER, "klatt3"), (_FINE, "m5"), (_SOLD, "m6"), (_FOUND, "m5"),
)  # fmt: skip
"""Answers that the bundled turn model takes for finished, in these voices: a pause after them is a wait for nothing."""
_INTERRUPTIONS = (
    ("Wait, I have a question.", "klatt3"), ("Wait, I have a question.", "m5"), ("Hold on a moment please.", "m6"),
    ("Wait, I have a question.", "benjamin"), ("Hold on a moment please.", "klatt4"),
)  # fmt: skip
_MURMURS = (("mm-hm.", "m6"), ("uh-huh.", "klatt4"), ("right.", "benjamin"), ("okay.", "klatt3"), ("uh-huh.", "m5"))
_HALVES = (
    ("We would like to move", "in the spring."), ("It depends on", "when our lease is over."),
    ("Well, we were hoping for", "the end of the summer."), ("My wife and I", "want to move in June."),
    ("I think it will be", "some time next year."), ("We have been looking for", "about three months now."),
)  # fmt: skip
_HALVES_VOICES = ("klatt4", "benjamin", "m5", "m6")


@dataclass(frozen=True, kw_only=True)
class Take:
    """One recording: mu-law at 8,000 Hz, whole frames of 20 ms. It begins with sound and ends with the line's noise.

    ``speech_frames`` is how many frames there are up to the last one with speech; ``pause`` the frames in which the
    speaker is silent and not done, first and behind the last, if there are any.
    """

    name: str
    kind: Kind
    text: str
    mulaw: bytes
    speech_frames: int
    pause: tuple[int, int] | None = None

    def frames(self) -> Iterator[bytes]:
        """20 ms at a time."""
        for start in range(0, len(self.mulaw), FRAME_BYTES):
            yield self.mulaw[start : start + FRAME_BYTES]


def record(file: Path) -> None:
    """Make every take and keep them in one file; the same every time.

    Raises:
        Unavailable: eSpeak NG is not there.
    """
    dice = np.random.default_rng(4)
    with Renderer() as renderer:

        def say(text: str, voice: str) -> NDArray[np.int16]:
            return _trimmed(np.frombuffer(renderer.pcm(text, Voice(name=f"en-us+{voice}")), "<i2"))

        takes = [_take("line", "line", "", _silence(LINE_SECONDS), dice)]
        lists: tuple[tuple[Kind, Sequence[tuple[str, str]]], ...] = (
            ("turn", _TURNS), ("interruption", _INTERRUPTIONS), ("murmur", _MURMURS),
        )  # fmt: skip
        for kind, lines in lists:
            takes += [_take(f"{kind} {n}", kind, text, say(text, voice), dice) for n, (text, voice) in enumerate(lines)]
        takes += [_take(f"noise {number}", "noise", "", _noise(number, dice), dice) for number in range(5)]
        for number, (first, second) in enumerate(_HALVES):
            for turn, voice in enumerate(_HALVES_VOICES):
                pause = PAUSES[(number + turn) % len(PAUSES)]
                takes.append(_halves(f"pause {number} {voice}", (first, second), pause, say, voice, dice))
    kept = [{**vars(take), "mulaw": base64.b64encode(take.mulaw).decode()} for take in takes]
    file.write_text(json.dumps(kept), encoding="utf-8")


def load(file: Path) -> Sequence[Take]:
    """The takes that were recorded."""
    kept = json.loads(file.read_text(encoding="utf-8"))
    return [
        Take(
            **{
                **take,
                "mulaw": base64.b64decode(take["mulaw"]),
                "pause": tuple(take["pause"]) if take["pause"] else None,
            }
        )
        for take in kept
    ]


def _halves(
    name: str,
    halves: tuple[str, str],
    pause: float,
    say: Callable[[str, str], NDArray[np.int16]],
    voice: str,
    dice: np.random.Generator,
) -> Take:
    first, second = (say(text, voice) for text in halves)
    whole = np.concatenate([first, _silence(pause), second])
    begin = -(-len(first) // FRAME_BYTES)
    take = _take(name, "pause", " ".join(halves), whole, dice)
    return Take(**{**vars(take), "pause": (begin, (len(first) + len(_silence(pause))) // FRAME_BYTES)})


def _take(name: str, kind: Kind, text: str, sound: NDArray[np.int16], dice: np.random.Generator) -> Take:
    speech_frames = -(-len(sound) // FRAME_BYTES)
    padded = np.zeros(speech_frames * FRAME_BYTES, np.float64)
    padded[: len(sound)] = sound
    noisy = padded + dice.standard_normal(len(padded)) * 32_768 * 10 ** (LINE_NOISE_DBFS / 20)
    mulaw = encoded(np.clip(noisy, -32_768, 32_767).astype(np.int16))
    return Take(name=name, kind=kind, text=text, mulaw=mulaw, speech_frames=speech_frames)


def _trimmed(pcm: NDArray[np.int16]) -> NDArray[np.int16]:
    loud = np.nonzero(np.abs(pcm.astype(np.int32)) > SPEECH_LEVEL)[0]
    return pcm[loud[0] : loud[-1] + 1]


def _silence(seconds: float) -> NDArray[np.int16]:
    return np.zeros(int(seconds * SAMPLE_RATE_HZ), np.int16)


def _noise(number: int, dice: np.random.Generator) -> NDArray[np.int16]:
    """A cough, a door, a breath, a rattle, a chair: bursts of coloured noise that fade."""
    seconds, smooth, level = ((0.25, 2, 6_000), (0.12, 12, 12_000), (0.5, 1, 1_500), (0.3, 1, 5_000), (0.4, 20, 9_000))[
        number
    ]
    length = int(seconds * SAMPLE_RATE_HZ)
    rough = dice.standard_normal(length + smooth)
    coloured = np.convolve(rough, np.ones(smooth) / np.sqrt(smooth), "valid")[:length]
    return np.asarray(coloured * level / 2 * np.exp(-np.arange(length) / length * 3), np.int16)
