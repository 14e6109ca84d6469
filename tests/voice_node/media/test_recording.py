"""A recording holds both directions where they were heard."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice_node.media.recording import Recording

SECOND = 8_000


def constant(value: int, seconds: float) -> bytes:
    return bytes(np.full(int(seconds * SECOND), value, dtype="<i2"))


def channels(path: Path) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, SECOND)
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
    return samples[:, 0], samples[:, 1]


def test_the_agent_is_heard_where_it_was_heard(tmp_path: Path) -> None:
    with Recording(tmp_path / "call.wav") as recording:
        for second in range(5):
            recording.caller(constant(100, 1.0))
            if second == 1:
                recording.agent(2.25, constant(7, 0.5))

    caller, agent = channels(tmp_path / "call.wav")
    assert len(caller) == 5 * SECOND
    assert (caller == 100).all()
    heard = np.flatnonzero(agent == 7)
    assert (heard[0], heard[-1] + 1) == (2.25 * SECOND, 2.75 * SECOND)


def test_speech_cut_short_is_not_in_the_recording(tmp_path: Path) -> None:
    with Recording(tmp_path / "call.wav") as recording:
        recording.caller(constant(1, 1.0))
        recording.agent(0.5, constant(7, 1.0))
        recording.cut(0.75)
        recording.agent(0.9, constant(9, 0.1))
        recording.caller(constant(1, 1.0))

    _, agent = channels(tmp_path / "call.wav")
    assert (agent[: SECOND // 2] == 0).all()
    assert (agent[SECOND // 2 : int(0.75 * SECOND)] == 7).all()
    assert (agent[int(0.75 * SECOND) : int(0.9 * SECOND)] == 0).all()
    assert (agent[int(0.9 * SECOND) : SECOND] == 9).all()
    assert (agent[SECOND:] == 0).all()


def test_what_was_said_is_on_the_disk_while_the_call_goes_on(tmp_path: Path) -> None:
    with Recording(tmp_path / "call.wav") as recording:
        for _ in range(10):
            recording.caller(constant(5, 1.0))
        caller, _ = channels(tmp_path / "call.wav")

    assert len(caller) >= 7 * SECOND
