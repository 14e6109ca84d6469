"""A recording holds both directions where they were heard, and nothing that may not be kept."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from voice_node.media.recording import Recording

SECOND = 8_000
NOON = datetime(2026, 11, 22, 18, tzinfo=UTC)
Channels = tuple[NDArray[np.int16], NDArray[np.int16]]


@dataclass
class Reel:
    """``Tape`` in memory."""

    is_lost: bool = False
    pcm: bytearray = field(default_factory=bytearray)
    told: list[str] = field(default_factory=list)

    def write(self, pcm: bytes) -> None:
        self.pcm += pcm

    def keep(self) -> None:
        self.told.append("keep")

    def close(self) -> None:
        self.told.append("close")

    def purge(self) -> None:
        self.told.append("purge")
        self.pcm.clear()

    @property
    def channels(self) -> Channels:
        samples = np.frombuffer(bytes(self.pcm), dtype="<i2").reshape(-1, 2)
        return samples[:, 0], samples[:, 1]


def announced(reel: Reel) -> Recording:
    return Recording(reel, name="2026/11/22/a.rec", is_announced=True)


def constant(value: int, seconds: float) -> bytes:
    return bytes(np.full(int(seconds * SECOND), value, dtype="<i2"))


def test_the_agent_is_heard_where_it_was_heard() -> None:
    reel = Reel()
    with announced(reel) as recording:
        for second in range(5):
            recording.caller(constant(100, 1.0))
            if second == 1:
                recording.agent(2.25, constant(7, 0.5))

    caller, agent = reel.channels
    assert len(caller) == 5 * SECOND
    assert (caller == 100).all()
    heard = np.flatnonzero(agent == 7)
    assert (heard[0], heard[-1] + 1) == (2.25 * SECOND, 2.75 * SECOND)


def test_speech_cut_short_is_not_in_the_recording() -> None:
    reel = Reel()
    with announced(reel) as recording:
        recording.caller(constant(1, 1.0))
        recording.agent(0.5, constant(7, 1.0))
        recording.cut(0.75)
        recording.agent(0.9, constant(9, 0.1))
        recording.caller(constant(1, 1.0))

    _, agent = reel.channels
    assert (agent[: SECOND // 2] == 0).all()
    assert (agent[SECOND // 2 : int(0.75 * SECOND)] == 7).all()
    assert (agent[int(0.75 * SECOND) : int(0.9 * SECOND)] == 0).all()
    assert (agent[int(0.9 * SECOND) : SECOND] == 9).all()
    assert (agent[SECOND:] == 0).all()


def test_a_pause_is_silence_on_both_sides_and_moves_nothing() -> None:
    reel = Reel()
    with announced(reel) as recording:
        recording.caller(constant(1, 1.0))
        recording.agent(0.5, constant(7, 1.0))
        recording.pause()
        recording.caller(constant(2, 1.0))
        recording.agent(1.5, constant(8, 0.25))
        recording.resume()
        recording.caller(constant(3, 1.0))
        recording.agent(2.5, constant(9, 0.5))

    caller, agent = reel.channels
    assert [int(caller[int(at * SECOND)]) for at in (0.5, 1.5, 2.5)] == [1, 0, 3]
    assert [int(agent[int(at * SECOND)]) for at in (0.25, 0.75, 1.25, 1.6, 2.25, 2.75)] == [0, 7, 0, 0, 0, 9]


def test_what_was_said_is_handed_over_while_the_call_goes_on() -> None:
    reel = Reel()
    with announced(reel) as recording:
        for _ in range(10):
            recording.caller(constant(5, 1.0))
        assert len(reel.channels[0]) >= 7 * SECOND


def test_an_agent_that_talks_to_a_silent_line_does_not_fill_the_memory() -> None:
    reel = Reel()
    with announced(reel) as recording:
        for second in range(60):
            recording.agent(float(second), constant(7, 1.0))
        assert len(reel.channels[0]) >= 45 * SECOND

    assert (reel.channels[1] == 7).all()


def test_what_was_never_announced_is_deleted() -> None:
    reel = Reel()
    with Recording(reel, name="a") as recording:
        recording.caller(constant(1, 9.0))
        assert recording.kept(NOON)[0] is None

    assert (reel.told, bytes(reel.pcm)) == (["purge"], b"")
    name, purged = recording.kept(NOON)
    assert name is None
    assert purged is not None
    assert (purged.at, purged.because) == (NOON, "not_announced")


def test_an_objection_deletes_what_there_is_and_nothing_more_is_kept() -> None:
    reel = Reel()
    with announced(reel) as recording:
        recording.caller(constant(1, 9.0))
        recording.purge("objection", at=NOON)
        recording.caller(constant(1, 9.0))
        recording.agent(18.0, constant(1, 9.0))
        recording.announced()

    assert (reel.told, bytes(reel.pcm)) == (["keep", "purge"], b"")
    name, purged = recording.kept(NOON)
    assert (name, purged and purged.because) == (None, "objection")


def test_a_recording_that_the_disk_lost_is_not_reported() -> None:
    reel = Reel(is_lost=True)
    with announced(reel) as recording:
        recording.caller(constant(1, 3.0))

    assert recording.kept(NOON) == (None, None)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("caller"), st.integers(1, 900), st.just(0)),
        st.tuples(st.just("agent"), st.integers(1, 4_000), st.integers(0, 3_200)),
        st.tuples(st.just("cut"), st.just(0), st.integers(-3_000, 4_000)),
        st.tuples(st.sampled_from(["pause", "resume"]), st.just(0), st.just(0)),
    ),
    max_size=120,
)


@given(steps=STEPS)
def test_both_sides_are_what_a_plain_timeline_says(steps: list[tuple[str, int, int]]) -> None:
    """Every sample is a number of its own; agent speech is sent up to 0.4 s ahead and never far behind."""
    reel, caller, agent = Reel(), np.zeros(400_000, "<i2"), np.zeros(400_000, "<i2")
    now = line = count = 0
    is_paused = False
    with announced(reel) as recording:
        for what, samples, where in steps:
            fresh = np.arange(count, count + samples, dtype=np.int64).astype("<i2") | 1
            count += samples
            if what == "caller":
                recording.caller(bytes(fresh))
                if not is_paused:
                    caller[now : now + samples] = fresh
                now += samples
            elif what == "agent":
                start = max(line, now) if line > now - 8_000 else now + where
                recording.agent((start + 0.5) / SECOND, bytes(fresh))
                if not is_paused:
                    agent[start : start + samples] = fresh
                line = start + samples
            elif what == "cut":
                at = max(now + where, 0)
                recording.cut((at + 0.5) / SECOND)
                agent[at:] = 0
                line = min(line, at)
            elif what == "pause":
                recording.pause()
                agent[now:] = 0
                is_paused = True
            else:
                recording.resume()
                is_paused = False

    left, right = reel.channels
    assert len(left) == len(right) >= now
    assert (left == caller[: len(left)]).all()
    assert (right == agent[: len(right)]).all()
    assert not caller[len(left) :].any()
    assert not agent[len(right) :].any()
