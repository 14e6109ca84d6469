"""Where a number may ring: every plausible zone, and nothing where nothing is known."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.kernel.errors import Malformed
from shared.kernel.ids import LeadId, SellerId
from shared.leads import Lead
from shared.leads.location import plausible_states, plausible_zones, states_of, zones_of
from shared.leads.places import places, read_places

EAST, CENTRAL, MOUNTAIN, PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
WINTER = datetime(2026, 12, 1, tzinfo=UTC)


def lead(phone: str, *, timezone: str | None = None, state: str | None = None) -> Lead:
    return Lead(
        id=LeadId("ada"),
        seller_id=SellerId("harbor"),
        phone=phone,
        first_name="Ada",
        timezone=timezone,
        state=state,
        created_at=WINTER,
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


def test_the_persons_own_zone_replaces_the_numbers() -> None:
    assert plausible_zones(lead("+12125550142", timezone=PACIFIC)) == (PACIFIC,)


def test_a_florida_number_counts_as_florida_whatever_the_address_says() -> None:
    moved = lead("+13055550142", timezone=PACIFIC, state="CA")

    assert plausible_zones(moved) == (PACIFIC, EAST)
    assert plausible_states(moved) == ("CA", "FL")


def test_without_a_zone_the_state_and_the_number_both_count() -> None:
    assert plausible_zones(lead("+12125550142", state="TX")) == (CENTRAL, MOUNTAIN, EAST)
    assert plausible_zones(lead("+12125550142")) == (EAST,)


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
