"""The stage is set through the API, as a customer would."""

from pathlib import Path

import pytest
from rich.console import Console

from infra.cli.demo.leads import leads_csv
from infra.cli.demo.stage import SELLER, set_stage
from tests.infra.cli.demo.results import NOW, make_kept
from tests.infra.cli.office import Office


def test_a_campaign_with_a_seller_agents_and_the_list_is_made_and_started(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office.desk.clock.moment = NOW
    leads = tmp_path / "leads.csv"
    leads.write_text(leads_csv(make_kept().personas, seller=SELLER, now=NOW))

    world = office.desk.world
    world.store.own_numbers.clear()  # the demo's number is its own seller's

    campaign_id = set_stage(office.api(), leads=leads, concurrency=3, console=Console())

    assert world.campaigns.get(campaign_id).max_concurrency == 3
    assert world.campaigns.get(campaign_id).state == "scheduled"
    assert len(world.leads.of_campaign(campaign_id)) == 3
    assert [seller["registered_name"] for seller in office.json("seller", "list")] == [
        "Hill Country Homes LLC",
        "Lakeside Realty",
    ]
    assert len(office.json("agent", "list", "--seller", "Lakeside Realty")) == 2
    assert capsys.readouterr().out.startswith("Imported 3 leads, refused 0.")
