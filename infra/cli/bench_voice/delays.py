"""How long stub models take: around a median, now less, now more, the same for every system."""

from random import Random
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Delays(BaseModel):
    """Medians in milliseconds; each wait is log-normal around its median by ``spread``. No tokens a second: at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: Literal[1] = 1
    recognised_ms: float = 120.0
    first_token_ms: float = 250.0
    tokens_per_second: float = 60.0
    first_sound_ms: float = 80.0
    spread: float = 0.1

    def seconds(self, median_ms: float, dice: Random) -> float:
        """One wait."""
        return median_ms / 1_000 * dice.lognormvariate(0, self.spread)

    @property
    def between_tokens(self) -> float:
        """Seconds from one token to the next."""
        return 1 / self.tokens_per_second if self.tokens_per_second else 0.0


REALISTIC = Delays()
NONE = Delays(recognised_ms=0, first_token_ms=0, tokens_per_second=0, first_sound_ms=0)
