"""libespeak-ng by ctypes. GPL-3: loaded only in the engine's own process, never in the node's."""

import ctypes
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared.kernel.errors import Unavailable
from voice_node.speech.voice import UnknownVoice, Voice

SYNCHRONOUS, DO_NOT_EXIT = 2, 0x8000
RATE, PITCH = 1, 3
UTF8, CHARACTER_POSITION = 1, 1
BUFFER_MS = 20

SampleCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class EspeakLibrary:
    """The one eSpeak NG of this process; it keeps global state, so one thread uses it.

    Raises:
        Unavailable: The ``espeakng-loader`` package is missing or its library does not start.
    """

    def __init__(self) -> None:
        try:
            import espeakng_loader
        except ImportError as missing:
            raise Unavailable("eSpeak NG is missing: install the package espeakng-loader") from missing
        data = Path(espeakng_loader.get_data_path())
        try:
            self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        except OSError as broken:
            raise Unavailable("the library of the package espeakng-loader cannot be loaded") from broken
        self._library.espeak_Synth.argtypes = [
            ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int,
            ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p,
        ]  # fmt: skip
        start = self._library.espeak_Initialize
        self.sample_rate_hz = int(start(SYNCHRONOUS, BUFFER_MS, str(data).encode(), DO_NOT_EXIT))
        if self.sample_rate_hz <= 0:
            raise Unavailable(f"eSpeak NG does not start: error {self.sample_rate_hz}")
        self._variants = {file.name for file in (data / "voices" / "!v").iterdir()}
        self._voice: Voice | None = None
        self._pieces: list[bytes] = []
        self._unwanted: Callable[[], bool] = lambda: False
        self._callback = SampleCallback(self._collect)
        self._library.espeak_SetSynthCallback(self._callback)

    def _collect(self, wave: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int | None) -> int:
        """Keep a block of samples; a true answer makes eSpeak stop."""
        if count > 0:
            self._pieces.append(ctypes.string_at(wave, count * 2))
        return int(self._unwanted())

    def use(self, voice: Voice) -> None:
        """Speak with this voice from now on.

        Raises:
            UnknownVoice: eSpeak NG has no such voice.
        """
        if voice == self._voice:
            return
        _, plus, variant = voice.name.partition("+")
        # eSpeak accepts a variant it does not have and speaks without it.
        if (plus and variant not in self._variants) or self._library.espeak_SetVoiceByName(voice.name.encode()):
            raise UnknownVoice(voice.name)
        self._library.espeak_SetParameter(RATE, voice.words_per_minute, 0)
        self._library.espeak_SetParameter(PITCH, voice.pitch, 0)
        self._voice = voice

    def say(self, text: str, unwanted: Callable[[], bool] = lambda: False) -> NDArray[np.float32]:
        """Samples in -1.0 to 1.0 at ``sample_rate_hz``; cut short once ``unwanted`` says so."""
        self._pieces, self._unwanted = [], unwanted
        spoken = text.encode() + b"\0"
        self._library.espeak_Synth(spoken, len(spoken), 0, CHARACTER_POSITION, 0, UTF8, None, None)
        return np.frombuffer(b"".join(self._pieces), dtype="<i2").astype(np.float32) / np.float32(32_768)
