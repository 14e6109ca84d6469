"""``reauto seller`` and ``reauto agent``."""

from datetime import time

import pytest

from infra.cli.sellers import read_hours
from shared.kernel.errors import Malformed, NotFound
from shared.kernel.ids import SellerId
from tests.infra.cli.office import Office
from tests.shared.calls.world import SELLER


def test_a_seller_is_kept_and_listed(office: Office) -> None:
    office.run("seller", "create", "Alamo Homes LLC", "--callback-number", "(512) 555-0123")

    said = office.run("seller", "list")
    assert "Alamo Homes LLC" in said
    assert "+15125550123" in said
    assert max(len(line) for line in said.splitlines()) <= 80


def test_an_agent_is_kept_with_their_hours(office: Office) -> None:
    office.run(
        "agent", "create", "Kim", "--timezone", "America/Chicago", "--hours", "mon-fri 09:00-17:00",
        "--hours", "Sat 10:00-12:00",
    )  # fmt: skip

    [agent] = office.desk.services.appointments.agents(SellerId(SELLER.id))
    assert [hours.weekday for hours in agent.hours] == [0, 1, 2, 3, 4, 5]
    assert agent.hours[-1].opens == time(10)
    assert "Kim" in office.run("agent", "list")


def test_nobody_yet_is_said_so(office: Office) -> None:
    assert office.run("agent", "list") == "There is no agent yet.\n"
    office.desk.world.store.sellers.clear()
    assert office.run("seller", "list") == "There is no seller yet.\n"
    with pytest.raises(NotFound, match="reauto seller create"):
        office.run("agent", "list")


def test_with_two_sellers_one_must_be_named(office: Office) -> None:
    office.run("seller", "create", "Alamo Homes LLC", "--callback-number", "+15125550123")

    with pytest.raises(Malformed, match="'Alamo Homes LLC', 'Hill Country Homes LLC'"):
        office.run("agent", "list")
    assert office.run("agent", "list", "--seller", "alamo homes llc") == "There is no agent yet.\n"


def test_hours_may_run_over_the_weekend() -> None:
    assert [day["weekday"] for day in read_hours("fri-mon 08:30-12:00")] == [4, 5, 6, 0]


@pytest.mark.parametrize("text", ["", "nine to five", "mon-xyz 09:00-17:00", "mon 9-17", "mon-fri 09:00"])
def test_hours_that_cannot_be_read_show_how_to_write_them(text: str) -> None:
    with pytest.raises(Malformed, match="mon-fri 09:00-17:30"):
        read_hours(text)
