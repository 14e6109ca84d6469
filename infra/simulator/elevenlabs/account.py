"""The account that the stand-in serves, how the vendor behaves today, and what it was asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from infra.simulator.carrier.mulaw import encoded

RATE_HZ = 8_000
SECONDS_A_CHARACTER = 0.06
HERTZ = 220.0
AMPLITUDE = 6_000


def hum(text: str) -> bytes:
    """A tone as long as the text would take, as mu-law at 8,000 Hz."""
    count = int(len(text) * SECONDS_A_CHARACTER * RATE_HZ)
    steps = np.arange(count) * (2 * np.pi * HERTZ / RATE_HZ)
    return encoded((AMPLITUDE * np.sin(steps)).astype(np.int16))


@dataclass(kw_only=True)
class Behaviour:
    """How the vendor behaves; may be changed while it runs. What can be called is asked for every text.

    ``first_byte_seconds`` gives the delay before the first sound of a text, ``drop_after_characters`` after how many
    characters of sound the connection breaks. ``is_busy`` says that so much is spoken already as the plan allows at
    once, ``most_sockets`` how many it allows to be open. ``is_mute`` accepts everything and says nothing, as an account
    without quota sometimes does.
    """

    first_byte_seconds: Callable[[], float] = lambda: 0.0
    drop_after_characters: Callable[[], int | None] = lambda: None
    is_busy: Callable[[], bool] = lambda: False
    most_sockets: int = 10
    is_mute: bool = False


@dataclass(kw_only=True)
class Account:
    """Whose key is asked for, how much is left, and everything that was asked; ``refused`` texts were not paid for."""

    api_key: str = "a key of the stand-in"
    tier: str = "creator"
    character_limit: int = 100_000
    characters_used: int = 0
    refused: int = 0
    renews_at: int = 1_900_000_000
    voices: tuple[dict[str, Any], ...] = (
        {"voice_id": "v-ava", "name": "Ava", "category": "premade", "labels": {"accent": "american"}},
        {"voice_id": "v-ben", "name": "Ben", "category": "premade", "labels": {"accent": "american"}},
    )
    sound_of: Callable[[str], bytes] = hum
    open_sockets: int = 0
    sockets_opened: int = 0
    received: list[dict[str, Any]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """The texts to speak, in the order in which they came."""
        return [message["text"].strip() for message in self.received if message.get("text", "").strip()]

    def take(self, characters: int) -> bool:
        """Spend characters; ``False``, and nothing spent, where not so many are left."""
        if self.characters_used + characters > self.character_limit:
            self.refused += 1
            return False
        self.characters_used += characters
        return True
