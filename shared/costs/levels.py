"""How far a budget is used up, and what follows while it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from shared.costs.alert import Level
from shared.costs.budget import Budget


@dataclass(frozen=True, kw_only=True)
class Levels:
    """From which used share of a limit on there is a warning, and from which on it is critical."""

    warning: Decimal = Decimal("0.80")
    critical: Decimal = Decimal("0.95")

    def of(self, budget: Budget) -> Level | None:
        """How bad it is; ``EMERGENCY`` once a limit is spent, held money left out. ``None``: nothing to say."""
        if not budget.is_limited:
            return None
        if budget.posted >= budget.limit:
            return Level.EMERGENCY
        used = used_share(budget)
        if used >= self.critical:
            return Level.CRITICAL
        return Level.WARNING if used >= self.warning else None

    def are_critical(self, budgets: Iterable[Budget]) -> tuple[Budget, ...]:
        """Those that are critical or worse: while there is one, no campaign that it bounds starts."""
        return tuple(budget for budget in budgets if self.of(budget) in (Level.CRITICAL, Level.EMERGENCY))

    def slowed(self, calls_per_minute: int, budgets: Iterable[Budget]) -> int:
        """How many calls a minute may ring: half as many, but one at least, while a budget is critical."""
        return max(1, calls_per_minute // 2) if self.are_critical(budgets) else calls_per_minute


def used_share(budget: Budget) -> Decimal:
    """Spent and held, as a share of the limit; all of it when the limit is zero."""
    if not budget.limit:
        return Decimal(1)
    return Decimal((budget.posted + budget.pending).micro_usd) / budget.limit.micro_usd
