"""Measure recognition: ``python -m voice_node.speech.evaluate --json``.

Lines are spoken by caller voices, sent through 8 kHz mu-law and decoded as a call would be.
Known lines are those that the phrase files make; new ones are not.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path

import yaml

from voice_node.speech.bandwidth import load_weights
from voice_node.speech.corpus import is_known
from voice_node.speech.decoder import Decoder
from voice_node.speech.mulaw import from_mulaw
from voice_node.speech.renderer import Renderer
from voice_node.speech.scoring import Reading, word_error_rate
from voice_node.speech.speech_model import prepare_model
from voice_node.speech.voice import CALLER_VOICES, Voice

LINES = files("voice_node.speech") / "data" / "evaluation.yaml"
CHUNK_BYTES = 320
SILENCE = bytes(4_000)
"""A quarter of a second before and after, as voice detection leaves it."""
BYTES_PER_SECOND = 16_000


@dataclass(kw_only=True)
class Measured:
    """What one voice came to; times in seconds."""

    known: list[Reading] = field(default_factory=list)
    new: list[Reading] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    listened: float = 0.0
    worked: float = 0.0

    def add(self, other: "Measured") -> None:
        """Take in another voice's measurements."""
        self.known += other.known
        self.new += other.new
        self.ends += other.ends
        self.listened += other.listened
        self.worked += other.worked


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of the result: error rates, decoding time per second of sound, delay at the end."""

    voice: str
    known_lines: int
    known_wer: float
    new_lines: int
    new_wer: float
    real_time_factor: float
    end_ms_p50: float
    end_ms_p95: float


def evaluation_lines() -> list[str]:
    """The sentences to measure with."""
    return list(yaml.safe_load(LINES.read_text(encoding="utf-8"))["lines"])


def measure(voice: Voice, lines: Sequence[str], renderer: Renderer, decoder: Decoder) -> Measured:
    """Say and hear every line in one voice."""
    done = Measured()
    for line in lines:
        sound = SILENCE + from_mulaw(renderer.mulaw(line, voice)) + SILENCE
        began = time.perf_counter()
        decoder.start()
        for start in range(0, len(sound), CHUNK_BYTES):
            decoder.hear(sound[start : start + CHUNK_BYTES])
            decoder.so_far()
        ended = time.perf_counter()
        heard = decoder.finish()
        finished = time.perf_counter()
        (done.known if is_known(line) else done.new).append(Reading(said=line, heard=heard))
        done.ends.append(finished - ended)
        done.listened += len(sound) / BYTES_PER_SECOND
        done.worked += finished - began
    return done


def row(name: str, done: Measured) -> Row:
    """The measurements as numbers."""
    ends = sorted(done.ends) or [0.0]
    return Row(
        voice=name,
        known_lines=len(done.known),
        known_wer=round(word_error_rate(done.known), 4),
        new_lines=len(done.new),
        new_wer=round(word_error_rate(done.new), 4),
        real_time_factor=round(done.worked / done.listened, 4) if done.listened else 0.0,
        end_ms_p50=round(1000 * ends[len(ends) // 2], 1),
        end_ms_p95=round(1000 * ends[int(len(ends) * 0.95)], 1),
    )


def rows(voices: Sequence[Voice], lines: Sequence[str], cache: Path) -> Iterator[tuple[Row, Measured]]:
    """A row for each voice as it is done, and one for all of them at the end."""
    decoder = Decoder(prepare_model(cache), load_weights())
    total = Measured()
    with Renderer() as renderer:
        for voice in voices:
            done = measure(voice, lines, renderer, decoder)
            total.add(done)
            yield row(voice.name, done), done
    yield row("all", total), total


def main() -> None:
    """Measure and write the result to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="write one JSON list and nothing else")
    parser.add_argument("--voices", nargs="*", help="eSpeak voices instead of the recommended callers")
    parser.add_argument("--words-per-minute", type=int, default=160)
    parser.add_argument("--cache", type=Path, help="a folder for the language model")
    parser.add_argument("--wrong", action="store_true", help="also show the lines that were misheard")
    asked = parser.parse_args()
    voices = CALLER_VOICES
    if asked.voices:
        voices = tuple(Voice(name=name, words_per_minute=asked.words_per_minute) for name in asked.voices)
    with tempfile.TemporaryDirectory() as folder:
        result = []
        for line, done in rows(voices, evaluation_lines(), asked.cache or Path(folder)):
            result.append(asdict(line))
            if not asked.json:
                sys.stdout.write(json.dumps(asdict(line)) + "\n")
            if asked.wrong and line.voice != "all":
                _show_wrong(done)
    if asked.json:
        sys.stdout.write(json.dumps(result, indent=2) + "\n")


def _show_wrong(done: Measured) -> None:
    for kind, readings in (("known", done.known), ("new", done.new)):
        for reading in readings:
            if word_error_rate([reading]):
                sys.stdout.write(f"  {kind}: {reading.said} => {reading.heard}\n")


if __name__ == "__main__":
    main()
