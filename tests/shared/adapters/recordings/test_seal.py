"""What lies on a disk tells nothing, and nobody can change it unseen."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.recordings.keyring import Keyring, NoSuchKey, new_key
from shared.adapters.recordings.seal import Sealer, Tampered, Unsealed, unseal
from shared.kernel.errors import Malformed

NAME = "2026/11/22/a1.rec"
RING = Keyring.parse("k1:" + "A" * 43 + "=")
SOUND = (b"\x01\x00\x02\x00" * 4_000, b"\x03\x00\x04\x00" * 8_000, b"\x05\x00\x06\x00" * 100)


def sealed(*pieces: bytes, name: str = NAME, ring: Keyring = RING, is_closed: bool = True) -> bytes:
    sealer = Sealer(ring, name=name)
    parts = [sealer.header, *(sealer.seal(piece) for piece in pieces)]
    return b"".join([*parts, *([sealer.seal(b"", is_last=True)] if is_closed else [])])


def opened(data: bytes, *, ring: Keyring = RING, name: str = NAME) -> Unsealed:
    return unseal(data, ring, name=name)


@given(pieces=st.lists(st.binary(max_size=400), max_size=8))
def test_what_was_sealed_comes_back(pieces: list[bytes]) -> None:
    sound = opened(sealed(*pieces))

    assert (sound.pcm, sound.is_whole, sound.name) == (b"".join(pieces), True, NAME)


def test_it_plays_as_stereo() -> None:
    wav = opened(sealed(*SOUND)).wav()

    assert wav.startswith(b"RIFF")
    assert wav.endswith(SOUND[-1])


def test_the_sound_is_nowhere_in_the_clear() -> None:
    data = sealed(*SOUND)

    assert not any(piece[:16] in data for piece in SOUND)
    assert sealed(*SOUND) != data, "no two recordings share a key"


@given(at=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_a_changed_byte_is_seen(at: int, flip: int) -> None:
    data = bytearray(sealed(os.urandom(200), os.urandom(200)))
    data[at % len(data)] ^= flip

    try:
        sound = opened(bytes(data))
    except (Malformed, NoSuchKey):
        return
    assert not sound.is_whole, "a length that grew looks like a cut"


@given(at=st.integers(0, 10_000))
def test_a_cut_is_seen_and_what_is_left_still_opens(at: int) -> None:
    pieces = [bytes([number]) * 100 for number in range(4)]
    data = sealed(*pieces)
    header = len(sealed(is_closed=False))
    length = at % len(data)

    if length < header:
        with pytest.raises(Malformed):
            opened(data[:length])
        return
    sound = opened(data[:length])
    assert not sound.is_whole
    assert b"".join(pieces).startswith(sound.pcm)
    assert len(sound.pcm) % 100 == 0


def test_what_a_crash_left_opens() -> None:
    sound = opened(sealed(*SOUND, is_closed=False))

    assert (sound.pcm, sound.is_whole) == (b"".join(SOUND), False)


def test_pieces_cannot_change_places_or_recordings() -> None:
    header, piece = len(sealed(is_closed=False)), 4 + 100 + 16
    data, other = sealed(bytes(100), bytes([1]) * 100), sealed(bytes(100), bytes(100))
    one, two = data[header : header + piece], data[header + piece : header + 2 * piece]

    for forged in (
        data[:header] + two + one + data[header + 2 * piece :],
        data[:header] + other[header:],
        data[:header] + two + data[header + 2 * piece :],
        data + b"\0",
    ):
        with pytest.raises(Tampered):
            opened(forged)


def test_one_recording_does_not_pass_for_another() -> None:
    with pytest.raises(Tampered):
        opened(sealed(*SOUND), name="2026/11/22/a2.rec")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    old = new_key("k1")
    both = Keyring.parse(f"{new_key('k2')}, {old}")

    assert opened(sealed(*SOUND, ring=Keyring.parse(old)), ring=both).is_whole
    with pytest.raises(NoSuchKey, match="k2"):
        opened(sealed(*SOUND, ring=both), ring=Keyring.parse(old))


def test_another_key_of_the_same_name_does_not_open() -> None:
    with pytest.raises(Malformed, match="another"):
        opened(sealed(*SOUND), ring=Keyring.parse(new_key("k1")))


@pytest.mark.parametrize(
    "text", ["", "only-a-name", "k1:short", "k1:" + "A" * 43 + "=,k1:" + "A" * 43 + "=", "no name:" + "A" * 44]
)
def test_keys_that_cannot_be_read_are_not_repeated(text: str) -> None:
    with pytest.raises(Malformed, match="RECORDING_KEYS") as refused:
        Keyring.parse(text)

    assert not text or text not in str(refused.value)
