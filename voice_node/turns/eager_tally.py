"""How preparing replies early went: what it gained, and what it wasted."""

from dataclasses import dataclass, field

from shared.metrics import Metric, count

CHARACTERS_PER_TOKEN = 4


@dataclass(kw_only=True)
class EagerTally:
    """How preparing went in one call: replies that were said and dropped, what was made in vain, the time gained."""

    hits: int = 0
    misses: int = 0
    wasted_characters: int = 0
    gains_ms: list[float] = field(default_factory=list)

    def hit(self, gain_ms: float) -> None:
        """A prepared reply is said; so much of its making was hidden in the pause."""
        self.hits += 1
        self.gains_ms.append(gain_ms)
        count(Metric.EAGER_REPLIES, result="said")
        count(Metric.EAGER_GAIN_MS, round(gain_ms))

    def miss(self, characters: int) -> None:
        """A prepared reply is dropped; so many characters were worded, and spoken, in vain."""
        self.misses += 1
        self.wasted_characters += characters
        count(Metric.EAGER_REPLIES, result="dropped")
        count(Metric.EAGER_WASTED_CHARACTERS, characters)
        count(Metric.EAGER_WASTED_TOKENS, -(-characters // CHARACTERS_PER_TOKEN))
