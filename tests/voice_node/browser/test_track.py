"""What the browser hears: marks tell what was played, and what is dropped is never told."""

from collections.abc import Awaitable, Callable

from av import AudioFrame

from voice_node.browser.track import GRAIN_BYTES, AgentTrack


def make_track() -> tuple[AgentTrack, list[str]]:
    played: list[str] = []
    return AgentTrack(on_mark=played.append), played


async def hear(track: AgentTrack, grains: int) -> bytes:
    """What the network takes next."""
    recv: Callable[[], Awaitable[AudioFrame]] = track.recv
    return b"".join([(await recv()).to_ndarray().tobytes() for _ in range(grains)])


async def test_a_mark_comes_back_when_all_before_it_was_played() -> None:
    track, played = make_track()
    speech = b"\1\2" * GRAIN_BYTES

    await track.play(speech)
    await track.mark("u1")
    assert await hear(track, 1) + await hear(track, 1) == speech
    await hear(track, 1)

    assert played == ["u1"]


async def test_silence_follows_the_last_word_and_fills_a_piece_that_is_too_short() -> None:
    track, _ = make_track()

    await track.play(b"\1\2\3\4")

    assert await hear(track, 2) == b"\1\2\3\4".ljust(2 * GRAIN_BYTES, b"\0")


async def test_what_is_dropped_is_neither_heard_nor_told() -> None:
    track, played = make_track()

    await track.play(b"\1\2" * GRAIN_BYTES)
    await track.mark("u1")
    await hear(track, 1)
    await track.clear()
    await track.mark("u2")

    assert await hear(track, 2) == bytes(2 * GRAIN_BYTES)
    assert played == ["u2"]
