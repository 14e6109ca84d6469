"""Identifiers: UUIDv7 strings, so that ids sort by the moment they were made."""

import secrets
import time
from typing import NewType
from uuid import UUID

AgentId = NewType("AgentId", str)
AppointmentId = NewType("AppointmentId", str)
AttemptId = NewType("AttemptId", str)
BudgetId = NewType("BudgetId", str)
CampaignId = NewType("CampaignId", str)
ConsentId = NewType("ConsentId", str)
LeadId = NewType("LeadId", str)
SellerId = NewType("SellerId", str)
UserId = NewType("UserId", str)


def new_id() -> str:
    """A fresh UUIDv7 in canonical form (RFC 9562, section 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    return str(UUID(int=value))
