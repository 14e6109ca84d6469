"""Money: whole micro-dollars, never floats."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, order=True)
class Money:
    """An amount of US dollars in whole micro-dollars (1,000,000 to the dollar)."""

    micro_usd: int = 0

    @classmethod
    def usd(cls, dollars: str | Decimal) -> "Money":
        """An amount from decimal dollars, rounded half up to the micro-dollar."""
        return cls(int((Decimal(dollars) * 1_000_000).to_integral_value(ROUND_HALF_UP)))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.micro_usd + other.micro_usd)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.micro_usd - other.micro_usd)

    def __neg__(self) -> "Money":
        return Money(-self.micro_usd)

    def __bool__(self) -> bool:
        return self.micro_usd != 0

    def times(self, quantity: Decimal | int) -> "Money":
        """The amount ``quantity`` times, rounded half up to the micro-dollar."""
        return Money(int((Decimal(self.micro_usd) * quantity).to_integral_value(ROUND_HALF_UP)))

    def dollars(self) -> Decimal:
        """The amount in decimal dollars."""
        return Decimal(self.micro_usd) / 1_000_000

    def __str__(self) -> str:
        return f"${self.dollars():.4f}"


ZERO = Money(0)
