"""``reauto stop``, ``reauto go`` and ``reauto stops``."""

import pytest

from shared.calls.stops import StopScope
from shared.kernel.errors import Malformed, NotFound
from tests.infra.cli.office import Office


def test_everything_is_stopped_and_goes_on(office: Office) -> None:
    assert office.run("stops") == "Nothing is stopped.\n"
    assert "Stopped: everything." in office.run("stop", "--reason", "complaint")

    assert "since 2026-03-10 17:00 UTC" in office.run("stops")
    assert "complaint" in office.run("stops")
    assert office.run("go") == "Lifted: everything.\n"
    assert office.run("go") == "There was no stop to lift: everything.\n"


def test_one_campaign_or_one_seller_is_stopped_by_its_name(office: Office) -> None:
    office.run("stop", "--campaign", "spring", "--reason", "wrong script")
    office.run("stop", "--seller", "Hill Country Homes LLC", "--reason", "letter")

    thrown = office.json("stops")
    assert [(each["scope"], each["target"]) for each in thrown] == [
        (StopScope.CAMPAIGN, "campaign-1"),
        (StopScope.SELLER, "seller-1"),
    ]
    assert office.run("go", "--campaign", "Spring") == "Lifted: campaign Spring.\n"
    assert [each["scope"] for each in office.json("stops")] == ["seller"]


def test_a_stop_of_nobody_is_refused(office: Office) -> None:
    with pytest.raises(NotFound, match="no campaign 'Autumn'"):
        office.run("stop", "--campaign", "Autumn", "--reason", "x")
    with pytest.raises(Malformed, match="either --seller or --campaign"):
        office.run("stop", "--campaign", "Spring", "--seller", "x", "--reason", "x")
