"""What a seller's counsel signed off: under which policy people of a state may be rung for that seller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shared.kernel.ids import SellerId


class StatePolicy(StrEnum):
    """May an artificial voice ring people of a state?."""

    ALLOW = "allow"
    CONSENT_ONLY = "consent_only"
    HUMAN_FIRST = "human_first"
    BLOCK = "block"


@dataclass(frozen=True, kw_only=True)
class SignOff:
    """One signature, for one seller and one state (two letters); the newest counts.

    ``licence`` is the registration or licence number, or why none is needed, for states that ask for one.
    """

    seller_id: SellerId
    state: str
    policy: StatePolicy
    signed_by: str
    signed_at: datetime
    licence: str = ""
    note: str = ""


class SignOffRepository(Protocol):
    """Where signatures are kept, all of them."""

    def add(self, sign_off: SignOff) -> None:
        """Keep a signature. Safe to repeat."""
        ...

    def of_seller(self, seller_id: SellerId) -> Sequence[SignOff]:
        """The newest signature of each state, by state."""
        ...
