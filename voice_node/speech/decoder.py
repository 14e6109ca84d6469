"""One PocketSphinx decoder that hears telephone sound; used inside the recogniser's processes."""

import numpy as np

from shared.kernel.errors import Unavailable
from voice_node.speech.bandwidth import BandwidthExtender, Weights
from voice_node.speech.spectra import WIDE_RATE_HZ, Floats
from voice_node.speech.speech_model import SpeechModel

FULL_SCALE = 32_768.0
COMFORT_NOISE = np.random.default_rng(2).normal(0.0, 0.0005, WIDE_RATE_HZ)
"""A second of hiss at -66 dB: digital silence is nothing the acoustic model has ever heard."""


class Decoder:
    """Hears one utterance at a time; made once and used again.

    Raises:
        Unavailable: The ``pocketsphinx`` package is missing.
    """

    def __init__(self, model: SpeechModel, weights: Weights) -> None:
        try:
            import pocketsphinx
        except ImportError as missing:
            raise Unavailable("speech recognition is missing: install the package pocketsphinx") from missing
        self._extender = BandwidthExtender(weights)
        self._channel = ",".join(f"{mean:.4f}" for mean in weights.channel)
        self._position = 0
        self._sphinx = pocketsphinx.Decoder(
            lm=str(model.language_model),
            dict=str(model.dictionary),
            samprate=WIDE_RATE_HZ,
            fwdflat=False,  # a second pass: ten times the delay at the end, nothing gained
            bestpath=True,
            topn=8,  # with four Gaussians a frame, twice as many words are wrong
            maxwpf=20,  # words that may end in one frame: a fifth less work, the same words
            loglevel="FATAL",
        )

    def start(self) -> None:
        """Begin an utterance."""
        self._extender.restart()
        self._position = 0
        self._sphinx.set_cmn(self._channel)
        self._sphinx.start_utt()

    def hear(self, pcm: bytes) -> None:
        """Take the next sound: 16-bit little-endian mono PCM at 8,000 Hz."""
        samples = np.frombuffer(pcm, dtype="<i2").astype(np.float64) / FULL_SCALE
        self._decode(self._extender.extended(samples))

    def so_far(self) -> str:
        """The best guess at the words heard up to now, ``""`` for none."""
        guess = self._sphinx.hyp()
        return guess.hypstr.strip() if guess else ""

    def finish(self) -> str:
        """End the utterance and say what was heard, ``""`` for nothing."""
        self._decode(self._extender.finished())
        self._sphinx.end_utt()
        return self.so_far()

    def channel(self) -> Floats:
        """The mean cepstrum as the last utterance left it."""
        return np.array([float(mean) for mean in self._sphinx.get_cmn(True).split(",")])

    def _decode(self, samples: Floats) -> None:
        if len(samples):
            places = np.arange(self._position, self._position + len(samples)) % len(COMFORT_NOISE)
            self._position = int(places[-1]) + 1
            samples = samples + COMFORT_NOISE[places]
            pcm = (np.clip(samples, -1.0, 1.0) * (FULL_SCALE - 1)).astype("<i2").tobytes()
            self._sphinx.process_raw(pcm, False, False)
