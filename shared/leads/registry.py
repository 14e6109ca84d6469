"""Copies of the do-not-call registries that others keep: the national one, and those of states."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from shared.kernel.errors import Refused

OLDEST = timedelta(days=31)
"""How old a copy of a registry may be (47 CFR 64.1200(c)(2))."""


class Registry(StrEnum):
    """Whose list it is."""

    NATIONAL = "national"
    STATE = "state"


class OlderCopy(Refused):
    """A newer copy of the same list is in use."""


class EmptyCopy(Refused):
    """A copy without any number would allow calls to everybody."""

    def __init__(self, copy_id: str) -> None:
        super().__init__(f"the registry copy {copy_id} has no number: say that the list is empty, if it is")


@dataclass(frozen=True, kw_only=True)
class RegistryCopy:
    """One copy of a registry as it was on the day ``taken_on``.

    ``area_codes`` are those it was bought for; none at all means all that the list has. ``account`` is the number of
    the subscription (SAN) that it was taken with. It counts from ``finished_at`` on, when every number is in.
    """

    id: str
    registry: Registry
    state: str | None = None
    taken_on: date
    area_codes: tuple[str, ...] = ()
    account: str = ""
    begun_at: datetime
    finished_at: datetime | None = None
    numbers: int = 0

    def covers(self, phone: str) -> bool:
        """Whether the copy would name this number (E.164) if it were on the list."""
        return not self.area_codes or (phone.startswith("+1") and phone[2:5] in self.area_codes)

    def is_of(self, other: "RegistryCopy") -> bool:
        """Whether both are copies of the same list."""
        return (self.registry, self.state) == (other.registry, other.state)

    def meets(self, other: "RegistryCopy") -> bool:
        """Whether both speak for the same numbers of the same list, some at least."""
        return self.is_of(other) and (
            not self.area_codes or not other.area_codes or not set(self.area_codes).isdisjoint(other.area_codes)
        )

    def replaces(self, other: "RegistryCopy") -> bool:
        """Whether nothing is left for which ``other`` would be asked."""
        if not self.is_of(other) or self.taken_on < other.taken_on:
            return False
        return not self.area_codes or (bool(other.area_codes) and set(other.area_codes) <= set(self.area_codes))


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What the newest copy of one list says of one number; ``covers`` is whether it can say anything."""

    registry: Registry
    state: str | None = None
    copy_id: str
    taken_on: date
    account: str = ""
    covers: bool
    is_listed: bool


def newest_listings(copies: Sequence[tuple[RegistryCopy, bool]], phone: str) -> list[Listing]:
    """One listing per list, from its copies in use, the newest first, each with whether it names ``phone``."""
    told: dict[tuple[Registry, str | None], Listing] = {}
    for copy, is_listed in copies:
        key = (copy.registry, copy.state)
        if key in told and (told[key].covers or not copy.covers(phone)):
            continue
        told[key] = Listing(
            registry=copy.registry,
            state=copy.state,
            copy_id=copy.id,
            taken_on=copy.taken_on,
            account=copy.account,
            covers=copy.covers(phone),
            is_listed=is_listed,
        )
    return list(told.values())


class RegistryRepository(Protocol):
    """Where copies of registries are kept. A copy counts only when it is finished, and then all at once."""

    def begin(self, copy: RegistryCopy) -> None:
        """Keep the head of a new copy. Copies that were begun a day earlier and never finished are given up.

        Raises:
            OlderCopy: A newer copy of the same list, for one of its area codes, is in use.
        """
        ...

    def get(self, copy_id: str) -> RegistryCopy:
        """The copy, finished or not.

        Raises:
            NotFound: No such copy was begun.
        """
        ...

    def add_numbers(self, copy_id: str, phones: Sequence[str]) -> None:
        """Put numbers (E.164) into a copy that was begun. Safe to repeat.

        Raises:
            NotFound: No such copy was begun.
            Conflict: The copy is finished.
        """
        ...

    def finish(self, copy_id: str, *, at: datetime, is_empty: bool = False) -> RegistryCopy:
        """Let the copy count from now on, instead of the older ones that it covers. Safe to repeat.

        ``is_empty`` says that the list is known to have no number.

        Raises:
            NotFound: No such copy was begun.
            EmptyCopy: It has no number, and nobody said that it is empty; the older ones stay in use.
        """
        ...

    def copies(self) -> Sequence[RegistryCopy]:
        """Every copy that was ever finished, the newest first."""
        ...

    def listings(self, phone: str, *, states: Sequence[str]) -> Sequence[Listing]:
        """What the newest copy that covers the number says, of the national list and of each state's that we have.

        Where copies of a list are there and none covers the number, one listing says so.
        """
        ...
