"""Registry copies, what is known of numbers, and signatures, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from shared.adapters.memory.store import MemoryStore
from shared.campaigns.sign_off import SignOff
from shared.kernel.errors import Conflict, NotFound, Unavailable
from shared.kernel.ids import SellerId
from shared.leads.number_check import LineType, NumberCheck, Reassigned
from shared.leads.registry import EmptyCopy, Listing, OlderCopy, Registry, RegistryCopy, newest_listings


class MemoryRegistryRepository:
    """``RegistryRepository`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def begin(self, copy: RegistryCopy) -> None:
        with self._store.lock:
            newer = [known for known in self._in_use() if known.taken_on > copy.taken_on and known.meets(copy)]
            if newer:
                raise OlderCopy(f"a copy taken on {max(known.taken_on for known in newer)} is in use")
            for known in list(self._store.registry_copies.values()):
                if known.finished_at is None and known.begun_at < copy.begun_at - timedelta(days=1):
                    del self._store.registry_copies[known.id], self._store.registry_numbers[known.id]
            self._store.registry_copies[copy.id] = copy
            self._store.registry_numbers[copy.id] = set()

    def get(self, copy_id: str) -> RegistryCopy:
        with self._store.lock:
            return self._begun(copy_id)

    def add_numbers(self, copy_id: str, phones: Sequence[str]) -> None:
        with self._store.lock:
            if self._begun(copy_id).finished_at is not None:
                raise Conflict(f"the registry copy {copy_id} is finished")
            self._store.registry_numbers[copy_id].update(phones)

    def finish(self, copy_id: str, *, at: datetime, is_empty: bool = False) -> RegistryCopy:
        with self._store.lock:
            copy = self._begun(copy_id)
            if copy.finished_at is None:
                if not self._store.registry_numbers[copy_id] and not is_empty:
                    raise EmptyCopy(copy_id)
                older = [known for known in self._in_use() if copy.replaces(known)]
                copy = replace(copy, finished_at=at, numbers=len(self._store.registry_numbers[copy_id]))
                self._store.registry_copies[copy_id] = copy
                for known in older:
                    del self._store.registry_numbers[known.id]
            return copy

    def copies(self) -> Sequence[RegistryCopy]:
        with self._store.lock:
            finished = [copy for copy in self._store.registry_copies.values() if copy.finished_at is not None]
        return sorted(finished, key=lambda copy: (copy.taken_on, copy.finished_at), reverse=True)

    def listings(self, phone: str, *, states: Sequence[str]) -> Sequence[Listing]:
        with self._store.lock:
            told = [
                (copy, phone in self._store.registry_numbers[copy.id])
                for copy in self.copies()
                if copy.id in self._store.registry_numbers
                and (copy.registry is Registry.NATIONAL or copy.state in states)
            ]
        return newest_listings(told, phone)

    def _begun(self, copy_id: str) -> RegistryCopy:
        try:
            return self._store.registry_copies[copy_id]
        except KeyError:
            raise NotFound(f"no registry copy {copy_id} was begun") from None

    def _in_use(self) -> list[RegistryCopy]:
        return [copy for copy in self.copies() if copy.id in self._store.registry_numbers]


class MemoryNumberCheckRepository:
    """``NumberCheckRepository`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def add(self, check: NumberCheck) -> None:
        with self._store.lock:
            self._store.number_checks.setdefault(check.phone, {}).setdefault(check.checked_at, check)

    def of_phone(self, phone: str) -> NumberCheck | None:
        with self._store.lock:
            known = self._store.number_checks.get(phone)
            return known[max(known)] if known else None


class MemorySignOffRepository:
    """``SignOffRepository`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def add(self, sign_off: SignOff) -> None:
        with self._store.lock:
            key = (sign_off.seller_id, sign_off.state, sign_off.signed_at)
            self._store.sign_offs.setdefault(key, sign_off)

    def of_seller(self, seller_id: SellerId) -> Sequence[SignOff]:
        with self._store.lock:
            theirs = [each for each in self._store.sign_offs.values() if each.seller_id == seller_id]
        newest = {each.state: each for each in sorted(theirs, key=lambda each: each.signed_at)}
        return [newest[state] for state in sorted(newest)]


class MemoryNumberLookup:
    """``NumberLookup`` in memory: every number is a mobile that never changed hands, but for those it is told of.

    ``asked`` keeps every question; while ``is_away`` there is no answer.
    """

    def __init__(
        self, answers: Mapping[str, NumberCheck] | None = None, *, at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    ) -> None:
        self.answers = dict(answers or {})
        self.at = at
        self.asked: list[tuple[str, date | None]] = []
        self.is_away = False

    def look_up(self, phone: str, *, last_verified: date | None) -> NumberCheck:
        if self.is_away:
            raise Unavailable("the number lookup is away")
        self.asked.append((phone, last_verified))
        known = self.answers.get(phone)
        check = known or NumberCheck(phone=phone, checked_at=self.at, line_type=LineType.MOBILE)
        reassigned = (check.reassigned or Reassigned.NO) if last_verified else None
        return replace(check, reassigned=reassigned, asked_since=last_verified)
