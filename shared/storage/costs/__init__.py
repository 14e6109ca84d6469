"""Money in PostgreSQL."""

from shared.storage.costs.budgets import reserve
from shared.storage.costs.repository import SqlCostRepository

__all__ = ["SqlCostRepository", "reserve"]
