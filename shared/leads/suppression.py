"""Suppression: numbers that must not be called, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.kernel.ids import AttemptId, SellerId


class SuppressionReason(StrEnum):
    """Why a number is on the list."""

    OPT_OUT = "opt_out"
    WRONG_NUMBER = "wrong_number"
    BAD_NUMBER = "bad_number"
    DO_NOT_CALL = "do_not_call"
    MANUAL = "manual"
    REASSIGNED = "reassigned"


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """One entry. ``seller_id`` ``None`` covers the whole installation, as every opt-out does."""

    phone: str
    reason: SuppressionReason
    at: datetime
    seller_id: SellerId | None = None
    attempt_id: AttemptId | None = None
    evidence: str = ""
