"""Take in a copy of a do-not-call list, in parts of any size; it counts when it is whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.kernel.errors import Malformed
from shared.kernel.ids import SellerId
from shared.leads.number_list import BadLine, NumberList, numbers_of
from shared.leads.places import places
from shared.leads.ports import SuppressionRepository
from shared.leads.registry import OLDEST, Registry, RegistryCopy, RegistryRepository
from shared.leads.suppression import Suppression, SuppressionReason

MOST_UNREADABLE = 0.05
"""More of its lines than this tell that a text is no such list; a single one may head or close it."""


class NoSuchList(Malformed):
    """Too much of a text cannot be read: whoever stands there would be called."""

    def __init__(self, found: NumberList) -> None:
        first = found.unreadable[0]
        super().__init__(
            f"{len(found.unreadable)} of {found.rows} lines are no numbers, such as line {first.line}: {first.reason} "
            "(import it despite bad lines if the list is the right one)"
        )


@dataclass(frozen=True, kw_only=True)
class PartReport:
    """What became of the lines of one part."""

    rows: int
    accepted: int
    bad: tuple[BadLine, ...]


def new_copy(
    copy_id: str,
    registry: Registry,
    *,
    state: str | None,
    taken_on: date,
    area_codes: Sequence[str],
    account: str,
    now: datetime,
) -> RegistryCopy:
    """The head of a copy that is about to be taken in; no area codes mean all of them.

    Raises:
        Malformed: It contradicts itself, or is too old to be of use.
    """
    check_date(taken_on, now)
    unknown = [code for code in area_codes if not (code.isdigit() and len(code) == 3)]
    if unknown:
        raise Malformed(f"area codes have three digits: {', '.join(unknown)}")
    if (registry is Registry.STATE) != (state is not None):
        raise Malformed("a state's list names its state, the national one does not")
    if state is not None and state not in places().states:
        raise Malformed(f"there is no state {state!r}: write two letters like FL")
    return RegistryCopy(
        id=copy_id,
        registry=registry,
        state=state,
        taken_on=taken_on,
        area_codes=tuple(sorted(set(area_codes))),
        account=account,
        begun_at=now,
    )


def check_date(taken_on: date, now: datetime) -> None:
    """Refuse a list from the future, and one that the law no longer lets us use.

    Raises:
        Malformed: It is one of them.
    """
    if taken_on > now.date() + timedelta(days=1):
        raise Malformed(f"the list was taken on {taken_on}, which lies in the future")
    if now.date() - taken_on > OLDEST:
        raise Malformed(f"the list was taken on {taken_on}: a copy may be at most {OLDEST.days} days old")


def add_part(copy_id: str, text: str, *, registries: RegistryRepository, despite_bad_lines: bool = False) -> PartReport:
    """Put the numbers of a text into a copy that was begun. Safe to repeat.

    Raises:
        NoSuchList: Too many of its lines cannot be read, and nobody said that it is right ``despite_bad_lines``.
        NotFound: No such copy was begun.
        Conflict: The copy is finished.
    """
    copy = registries.get(copy_id)
    found = numbers_of(text, area_codes=frozenset(copy.area_codes))
    if len(found.unreadable) > max(1, MOST_UNREADABLE * found.rows) and not despite_bad_lines:
        raise NoSuchList(found)
    registries.add_numbers(copy_id, found.phones)
    return PartReport(rows=found.rows, accepted=len(found.phones), bad=found.bad)


def add_internal(
    text: str,
    *,
    suppressions: SuppressionRepository,
    taken_on: date,
    seller_id: SellerId | None,
    now: datetime,
) -> PartReport:
    """Put the numbers of a text on our own list, for one seller or for all, for good. Safe to repeat."""
    found = numbers_of(text)
    suppressions.add_all(
        [
            Suppression(
                phone=phone,
                reason=SuppressionReason.DO_NOT_CALL,
                at=now,
                seller_id=seller_id,
                evidence=f"a list taken on {taken_on}",
            )
            for phone in found.phones
        ]
    )
    return PartReport(rows=found.rows, accepted=len(found.phones), bad=found.bad)
