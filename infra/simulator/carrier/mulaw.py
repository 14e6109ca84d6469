"""Mu-law sound at 8,000 Hz: conversion, tones and the WAV files that carry it."""

import io
import struct
import wave
from functools import cache

import numpy as np
import numpy.typing as npt

SAMPLE_RATE_HZ = 8000
FRAME_BYTES = 160
SILENCE = 0xFF
SILENT_FRAME = bytes([SILENCE]) * FRAME_BYTES
QUIET = bytes(code for code in range(256) if (code & 0x7F) >= 0x6F)
KEY_TONES_HZ = {
    key: (low, high)
    for low, row in ((697, "123A"), (770, "456B"), (852, "789C"), (941, "*0#D"))
    for high, key in zip((1209, 1336, 1477, 1633), row, strict=True)
}
MU_LAW_FORMAT = 7
PCM_FORMAT = 1


class UnreadableSound(Exception):
    """The bytes are no sound this carrier can play."""


@cache
def _linear_of_mulaw() -> npt.NDArray[np.int16]:
    codes = ~np.arange(256, dtype=np.uint8)
    magnitude = (((codes & 0x0F).astype(np.int32) << 3) + 0x84) << ((codes & 0x70) >> 4)
    magnitude -= 0x84
    return np.where(codes & 0x80, -magnitude, magnitude).astype(np.int16)


@cache
def _mulaw_of_linear() -> npt.NDArray[np.uint8]:
    samples = np.arange(65536, dtype=np.uint16).astype(np.int16).astype(np.int32)
    magnitude = np.minimum(np.abs(samples), 32635) + 0x84
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(samples < 0, 0x80, 0)
    codes: npt.NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return codes


def linear(mulaw: bytes) -> npt.NDArray[np.int16]:
    """The 16-bit samples of mu-law bytes."""
    return _linear_of_mulaw()[np.frombuffer(mulaw, np.uint8)]


def encoded(samples: npt.NDArray[np.int16]) -> bytes:
    """The mu-law bytes of 16-bit samples."""
    return _mulaw_of_linear()[samples.view(np.uint16)].tobytes()


def tone(frequencies_hz: tuple[int, ...], seconds: float) -> bytes:
    """Mu-law of sines sounding together."""
    moments = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    total = sum(np.sin(2 * np.pi * frequency * moments) for frequency in frequencies_hz)
    return encoded((np.asarray(total) * 8000 / len(frequencies_hz)).astype(np.int16))


def silence(seconds: float) -> bytes:
    """Mu-law of nothing."""
    return bytes([SILENCE]) * int(seconds * SAMPLE_RATE_HZ)


def wav_of(channels: tuple[bytes, ...]) -> bytes:
    """A 16-bit PCM WAV file of one mu-law track for each channel, all of one length."""
    samples = np.stack([linear(track) for track in channels], axis=1)
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(len(channels))
        writer.setsampwidth(2)
        writer.setframerate(SAMPLE_RATE_HZ)
        writer.writeframes(samples.astype("<i2").tobytes())
    return file.getvalue()


def mixed(first: bytes, second: bytes) -> bytes:
    """Two mu-law tracks of one length, heard together."""
    both = linear(first).astype(np.int32) + linear(second)
    return encoded(np.clip(both, -32768, 32767).astype(np.int16))


def read_sound(data: bytes, content_type: str) -> bytes:
    """Mu-law at 8,000 Hz of a downloaded file: WAV (mu-law or 16-bit PCM, any rate) or bare mu-law.

    Raises:
        UnreadableSound: It is something else, MP3 for example.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return _read_wav(data)
    if content_type.split(";")[0].strip() in ("audio/basic", "audio/x-mulaw", "audio/mulaw", "audio/ulaw"):
        return data
    raise UnreadableSound(content_type)


def _read_wav(data: bytes) -> bytes:
    chunks: dict[bytes, bytes] = {}
    position = 12
    while position + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, position)
        chunks.setdefault(name, data[position + 8 : position + 8 + size])
        position += 8 + size + (size & 1)
    if len(chunks.get(b"fmt ", b"")) < 16 or b"data" not in chunks:
        raise UnreadableSound("the WAV file has no format or no data")
    kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", chunks[b"fmt "])
    body = chunks[b"data"]
    if kind == MU_LAW_FORMAT and channels == 1 and rate == SAMPLE_RATE_HZ:
        return body
    if kind == MU_LAW_FORMAT:
        samples = linear(body)
    elif kind == PCM_FORMAT and bits == 16:
        samples = np.frombuffer(body[: len(body) & ~1], "<i2").astype(np.int16)
    else:
        raise UnreadableSound(f"WAV format {kind} of {bits} bits")
    mono = samples[: len(samples) // channels * channels].reshape(-1, channels).mean(axis=1)
    length = int(len(mono) * SAMPLE_RATE_HZ / rate)
    heard = np.interp(np.arange(length) * rate / SAMPLE_RATE_HZ, np.arange(len(mono)), mono)
    return encoded(heard.astype(np.int16))
