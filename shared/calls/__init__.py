"""Ringing people: attempts, permission, the dial, what the carrier tells us."""

from shared.calls.attempt import RANK, TERMINAL, AttemptState, CallAttempt, Direction, Purpose
from shared.calls.permission import Finding, Permission, Verdict

__all__ = [
    "RANK",
    "TERMINAL",
    "AttemptState",
    "CallAttempt",
    "Direction",
    "Finding",
    "Permission",
    "Purpose",
    "Verdict",
]
