"""Where a number may ring: every plausible zone, and nothing where nothing is known."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.kernel.errors import Malformed
from shared.kernel.ids import LeadId, SellerId
from shared.leads import Lead
from shared.leads.location import plausible_states, plausible_zones, states_of, whereabouts_of, zones_of
from shared.leads.places import places, read_places
from shared.leads.whereabouts import Evidence
from shared.leads.zip_codes import read_zip_codes, zip_codes

EAST, CENTRAL, MOUNTAIN, PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
WINTER = datetime(2026, 12, 1, tzinfo=UTC)


def lead(phone: str, **known: Any) -> Lead:
    return Lead(
        id=LeadId("ada"), seller_id=SellerId("harbor"), phone=phone, first_name="Ada", created_at=WINTER, **known
    )


def clocks(zones: tuple[str, ...]) -> set[float]:
    offsets = [WINTER.astimezone(ZoneInfo(name)).utcoffset() for name in zones]
    return {offset.total_seconds() / 3600 for offset in offsets if offset is not None}


@pytest.mark.parametrize(
    ("phone", "offsets"),
    [
        ("+15125550142", {-6}),
        ("+19155550142", {-7}),
        ("+16025550142", {-7}),
        ("+18085550142", {-10}),
        ("+16895550142", {-5}),
        ("+14485550142", {-5, -6}),
        ("+13645550142", {-5, -6}),
        ("+19305550142", {-5, -6}),
        ("+14585550142", {-7, -8}),
        ("+18505745555", {-5, -6}),
        ("+18504325555", {-5, -6}),
        ("+14235795555", {-5, -6}),
        ("+12706685555", {-5, -6}),
        ("+12195555555", {-5, -6}),
        ("+18125555555", {-5, -6}),
        ("+19065555555", {-5, -6}),
        ("+13085555555", {-6, -7}),
        ("+12085555555", {-7, -8}),
        ("+17015555555", {-6, -7}),
        ("+16055555555", {-6, -7}),
        ("+17755555555", {-7, -8}),
        ("+19075555555", {-9, -10}),
    ],
)
def test_a_number_keeps_every_clock_of_its_area_code(phone: str, offsets: set[float]) -> None:
    assert clocks(zones_of(phone)) == offsets


@pytest.mark.parametrize("phone", ["+18005551212", "+14365550142", "+15555550142", "+12425551234", "no number"])
def test_a_number_of_nowhere_has_no_zone_and_no_state(phone: str) -> None:
    assert zones_of(phone) == ()
    assert states_of(phone) == ()


@pytest.mark.parametrize(
    ("phone", "states"),
    [
        ("+15125550142", ("TX",)),
        ("+12065550142", ("WA",)),
        ("+12025550142", ("DC",)),
        ("+17875551234", ("PR",)),
        ("+18504325555", ("FL",)),
        ("+14165551234", ()),
        ("+442079460958", ()),
    ],
)
def test_a_number_names_its_state(phone: str, states: tuple[str, ...]) -> None:
    assert states_of(phone) == states


NEW_YORK_NUMBER, MIAMI_NUMBER = "+12125550142", "+13055550142"


def test_what_the_person_told_us_replaces_every_other_zone() -> None:
    told = lead(NEW_YORK_NUMBER, timezone=PACIFIC, state="CA", zone_confirmed_at=WINTER)

    assert plausible_zones(told) == (PACIFIC,)
    assert plausible_states(told) == ("CA", "NY")
    assert whereabouts_of(told)[0].evidence is Evidence.TOLD_ON_CALL


def test_a_florida_number_counts_as_florida_whatever_the_person_says() -> None:
    moved = lead(MIAMI_NUMBER, timezone=PACIFIC, state="CA", zone_confirmed_at=WINTER)

    assert plausible_zones(moved) == (PACIFIC, EAST)
    assert plausible_states(moved) == ("CA", "FL")


def test_a_georgia_address_with_a_florida_number_is_under_both_laws() -> None:
    assert plausible_states(lead(MIAMI_NUMBER, state="GA", postal_code="30301")) == ("GA", "FL")


@pytest.mark.parametrize(
    ("known", "zones"),
    [
        ({}, (EAST,)),
        ({"state": "TX"}, (CENTRAL, MOUNTAIN, EAST)),
        ({"state": "TX", "timezone": CENTRAL}, (CENTRAL, EAST)),
        ({"timezone": PACIFIC}, (PACIFIC, EAST)),
        ({"state": "TX", "timezone": PACIFIC}, (CENTRAL, MOUNTAIN, PACIFIC, EAST)),
        ({"postal_code": "79901"}, (MOUNTAIN, EAST)),
        ({"postal_code": "79901", "state": "TX"}, (MOUNTAIN, EAST)),
        ({"postal_code": "78701", "state": "CA"}, (CENTRAL, PACIFIC, EAST)),
        ({"postal_code": "no code", "state": "CA"}, (PACIFIC, EAST)),
        ({"subject": "14 Oak Lane, Austin, TX 78701"}, (CENTRAL, EAST)),
        ({"subject": "14 Oak Lane, Austin, CA 78701"}, (EAST,)),
    ],
)
def test_all_that_speaks_for_a_place_counts(known: dict[str, str], zones: tuple[str, ...]) -> None:
    assert plausible_zones(lead(NEW_YORK_NUMBER, **known)) == zones


@pytest.mark.parametrize(
    ("code", "offsets"),
    [
        ("32501", {-6}),  # Pensacola
        ("37402", {-5}),  # Chattanooga
        ("42101", {-6}),  # Bowling Green
        ("47708", {-6}),  # Evansville
        ("46320", {-6}),  # Hammond
        ("49801", {-5, -6}),  # Iron Mountain
        ("97914", {-7, -8}),  # Ontario, Oregon
        ("83814", {-8}),  # Coeur d'Alene
        ("79901", {-7}),  # El Paso
        ("58601", {-6, -7}),  # Dickinson
        ("57701", {-7}),  # Rapid City
        ("86515", {-7}),  # Window Rock
        ("89883", {-7, -8}),  # West Wendover
        ("06390", {-5}),  # Fishers Island
        ("78701-1234", {-6}),
    ],
)
def test_a_zip_code_keeps_every_clock_it_may(code: str, offsets: set[float]) -> None:
    place = zip_codes().place_of(code)

    assert place is not None
    assert clocks(place[1]) == offsets


@pytest.mark.parametrize("code", ["", "1234", "123456", "00001", "ABCDE"])
def test_what_is_no_zip_code_says_nothing(code: str) -> None:
    assert zip_codes().place_of(code) is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("XX: {zone: America/Chicago}", "no such states: .'XX'"),
        ("TX: {zone: Texas/Austin, prefixes: '750'}", "no such zones: .'Texas/Austin'"),
        ("TX: {zone: America/Chicago, prefixes: '750', elsewhere: 3}", "elsewhere"),
    ],
)
def test_a_wrong_table_of_zip_codes_refuses_to_load(row: str, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        read_zip_codes(f"{{source: x, verified_on: 2026-11-22, states: {{{row}}}}}")


def test_of_an_unknown_number_nothing_is_assumed() -> None:
    assert plausible_zones(lead("+14365550142")) == ()
    assert plausible_states(lead("+14365550142")) == ()


def test_every_state_is_known_by_letters_and_by_name() -> None:
    for letters, place in places().states.items():
        assert places().state_called(letters.lower()) == letters
        assert places().state_called(place.name.upper()) == letters
    assert places().state_called("Atlantis") is None


def test_a_broken_table_is_said_to_be_one() -> None:
    with pytest.raises(Malformed, match="table of places"):
        read_places("states: {TX: {name: Texas, zones: []}}")


@pytest.mark.parametrize(
    ("zone", "said"), [("America/Chicago", r"given twice: \[512\]"), ("Texas/Austin", "no such zones: .'Texas/Austin'")]
)
def test_a_table_that_contradicts_itself_is_refused(zone: str, said: str) -> None:
    row = f"{{name: X, zones: [{zone}], area_codes: [{{zones: [{zone}], codes: [512]}}]}}"
    table = f"{{source: x, verified_on: 2026-11-22, presumed_states: [], states: {{TX: {row}, OK: {row}}}}}"

    with pytest.raises(Malformed, match=said):
        read_places(table)
