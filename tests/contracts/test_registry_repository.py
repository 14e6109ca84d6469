"""Copies of registries, answers about numbers, signatures: what every keeper of them promises."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.campaigns.sign_off import SignOff, StatePolicy
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import new_id
from shared.leads.number_check import LineType, NumberCheck, Reassigned
from shared.leads.registry import EmptyCopy, OlderCopy, Registry, RegistryCopy
from tests.contracts.backends import Backend
from tests.contracts.nouns import NOON, SELLER

AUSTIN, WACO, MIAMI = "+15125550101", "+12545550101", "+13055550101"


def copy(**changes: Any) -> RegistryCopy:
    """A copy of the national list for Austin."""
    made = RegistryCopy(
        id=new_id(),
        registry=Registry.NATIONAL,
        taken_on=date(2026, 11, 20),
        area_codes=("512",),
        account="10000001-22-22",
        begun_at=NOON,
    )
    return replace(made, **changes)


def take(backend: Backend, *phones: str, **changes: Any) -> RegistryCopy:
    made = copy(**changes)
    backend.registries.begin(made)
    backend.registries.add_numbers(made.id, phones)
    return backend.registries.finish(made.id, at=NOON, is_empty=not phones)


def says(backend: Backend, phone: str, *states: str) -> dict[str, tuple[bool, bool]]:
    """What each list says of a number: whether it covers it, and names it."""
    listings = backend.registries.listings(phone, states=states)
    return {each.state or each.registry.value: (each.covers, each.is_listed) for each in listings}


def test_a_copy_counts_when_it_is_finished_and_all_at_once(backend: Backend) -> None:
    made = copy()
    backend.registries.begin(made)
    backend.registries.add_numbers(made.id, [AUSTIN, AUSTIN])
    assert says(backend, AUSTIN) == {}
    assert backend.registries.copies() == []
    assert backend.registries.get(made.id) == made

    finished = backend.registries.finish(made.id, at=NOON)

    assert finished == replace(made, finished_at=NOON, numbers=1)
    assert backend.registries.finish(made.id, at=NOON + timedelta(days=1)) == finished
    assert backend.registries.copies() == [finished]
    assert says(backend, AUSTIN) == {"national": (True, True)}
    assert says(backend, "+15125550102") == {"national": (True, False)}


def test_numbers_go_into_a_copy_that_was_begun_and_is_not_finished(backend: Backend) -> None:
    made = take(backend, AUSTIN)

    with pytest.raises(Conflict):
        backend.registries.add_numbers(made.id, [WACO])
    for missing in (backend.registries.get, lambda name: backend.registries.add_numbers(name, [WACO])):
        with pytest.raises(NotFound):
            missing(new_id())
    with pytest.raises(NotFound):
        backend.registries.finish(new_id(), at=NOON)


def test_a_copy_speaks_for_its_area_codes_alone(backend: Backend) -> None:
    take(backend, AUSTIN)

    assert says(backend, WACO) == {"national": (False, False)}


def test_a_copy_without_a_number_takes_no_place_unless_it_is_said_to_be_empty(backend: Backend) -> None:
    take(backend, AUSTIN, taken_on=date(2026, 11, 1))
    empty = copy()
    backend.registries.begin(empty)

    with pytest.raises(EmptyCopy):
        backend.registries.finish(empty.id, at=NOON)
    assert says(backend, AUSTIN) == {"national": (True, True)}

    assert backend.registries.finish(empty.id, at=NOON, is_empty=True).numbers == 0
    assert says(backend, AUSTIN) == {"national": (True, False)}


def test_copies_for_other_area_codes_stand_beside_each_other(backend: Backend) -> None:
    take(backend, AUSTIN)
    take(backend, WACO, area_codes=("254",), taken_on=date(2026, 11, 10))

    assert says(backend, AUSTIN) == {"national": (True, True)}
    assert says(backend, WACO) == {"national": (True, True)}


def test_a_newer_copy_takes_the_place_of_the_older_one(backend: Backend) -> None:
    take(backend, AUSTIN, taken_on=date(2026, 11, 1))
    half = copy(taken_on=date(2026, 11, 20))
    backend.registries.begin(half)
    assert says(backend, AUSTIN) == {"national": (True, True)}

    newer = take(backend, "+15125550102", taken_on=date(2026, 11, 20))

    assert says(backend, AUSTIN) == {"national": (True, False)}
    [listing] = backend.registries.listings(AUSTIN, states=())
    assert (listing.copy_id, listing.taken_on, listing.account) == (newer.id, newer.taken_on, newer.account)
    assert [each.taken_on.day for each in backend.registries.copies()] == [20, 1]


def test_the_newest_copy_that_covers_a_number_speaks_for_it(backend: Backend) -> None:
    take(backend, AUSTIN, WACO, area_codes=(), taken_on=date(2026, 11, 1))
    take(backend, area_codes=("512",), taken_on=date(2026, 11, 20))

    assert says(backend, AUSTIN) == {"national": (True, False)}
    assert says(backend, WACO) == {"national": (True, True)}


def test_an_older_copy_never_takes_the_place_of_a_newer_one(backend: Backend) -> None:
    take(backend, AUSTIN)

    with pytest.raises(OlderCopy, match="2026-11-20"):
        backend.registries.begin(copy(taken_on=date(2026, 11, 1)))
    backend.registries.begin(copy(taken_on=date(2026, 11, 1), area_codes=("254",)))


def test_a_copy_that_was_never_finished_is_given_up_a_day_later(backend: Backend) -> None:
    half = copy()
    backend.registries.begin(half)
    backend.registries.add_numbers(half.id, [AUSTIN])
    take(backend, begun_at=NOON + timedelta(hours=25), area_codes=("254",))

    for resume in (
        lambda: backend.registries.add_numbers(half.id, [AUSTIN]),
        lambda: backend.registries.finish(half.id, at=NOON),
    ):
        with pytest.raises(NotFound):
            resume()
    assert says(backend, AUSTIN) == {"national": (False, False)}


def test_states_keep_lists_of_their_own(backend: Backend) -> None:
    take(backend, registry=Registry.STATE, state="FL", area_codes=())
    take(backend, MIAMI, registry=Registry.STATE, state="TX", area_codes=())

    assert says(backend, MIAMI) == {}
    assert says(backend, MIAMI, "FL") == {"FL": (True, False)}
    assert says(backend, MIAMI, "FL", "TX") == {"FL": (True, False), "TX": (True, True)}


def test_many_numbers_go_in_at_once(backend: Backend) -> None:
    phones = [f"+1512{number:07d}" for number in range(2_000_000, 2_020_000)]

    assert take(backend, *phones).numbers == 20_000
    assert says(backend, phones[-1]) == {"national": (True, True)}


def test_the_newest_answer_about_a_number_counts(backend: Backend) -> None:
    older = NumberCheck(phone=AUSTIN, checked_at=NOON, line_type=LineType.MOBILE, carrier_name="Lone Star Wireless")
    newer = replace(older, checked_at=NOON + timedelta(days=1), reassigned=Reassigned.NO, asked_since=date(2026, 10, 1))
    assert backend.number_checks.of_phone(AUSTIN) is None
    for check in (newer, older, newer):
        backend.number_checks.add(check)

    assert backend.number_checks.of_phone(AUSTIN) == newer
    assert backend.number_checks.of_phone(WACO) is None


def test_the_newest_signature_of_each_state_counts(backend: Backend) -> None:
    first = SignOff(
        seller_id=SELLER.id, state="FL", policy=StatePolicy.ALLOW, signed_by="counsel", signed_at=NOON, licence="TC-1"
    )
    later = replace(first, policy=StatePolicy.BLOCK, signed_at=NOON + timedelta(days=1))
    for signed in (later, first, later, replace(first, state="CA")):
        backend.sign_offs.add(signed)

    assert backend.sign_offs.of_seller(SELLER.id) == [replace(first, state="CA"), later]
