"""How a piece of prepared speech is named and kept."""

import hashlib
import json
from dataclasses import asdict

from voice_node.speech.mulaw import from_mulaw, to_mulaw
from voice_node.speech.synthesis.port import Synthesiser
from voice_node.speech.voice import Voice

MAGIC = b"RPA1"
DIGEST_BYTES = 32


def key_of(text: str, voice: Voice, engine: Synthesiser) -> str:
    """The name of a piece: the same words of the same voice by the same engine at the same version."""
    named = [MAGIC.decode(), engine.name, engine.version, asdict(voice), text]
    return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()


def packed(pcm: bytes) -> bytes:
    """A piece as it is kept: its digest before it, as mu-law, which is what the line carries anyway."""
    sound = to_mulaw(pcm)
    return MAGIC + hashlib.sha256(sound).digest() + sound


def unpacked(kept: bytes) -> bytes | None:
    """16-bit PCM at 8,000 Hz of a kept piece, or ``None`` when it is not whole."""
    head, digest, sound = kept[:4], kept[4 : 4 + DIGEST_BYTES], kept[4 + DIGEST_BYTES :]
    if head != MAGIC or hashlib.sha256(sound).digest() != digest:
        return None
    return from_mulaw(sound)
