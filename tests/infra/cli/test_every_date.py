"""``make demo`` passes at any hour of any day: at the moment it finds, the law lets us ring whom it expects us to."""

from datetime import UTC, datetime

import pytest

from infra.cli.demo.leads import leads_csv
from infra.cli.demo.moment import demo_moment
from infra.cli.demo.stage import SELLER
from infra.simulator.people.persona import load_personas
from shared.calls.decide import decide
from shared.calls.permission import Verdict
from shared.kernel.ids import CampaignId, SellerId
from shared.leads.csv_rows import rows_of_csv
from shared.leads.import_leads import import_leads
from shared.leads.intake import Intake
from tests.journey.road import PERSONAS
from tests.shared.calls.world import World, take_copy

PEOPLE = load_personas(PERSONAS)
MOMENTS = {
    "a Sunday": datetime(2026, 11, 22, 15, tzinfo=UTC),
    "Christmas": datetime(2026, 12, 25, 15, tzinfo=UTC),
    "the New Year": datetime(2027, 1, 1, 0, 30, tzinfo=UTC),
    "deep in the night": datetime(2026, 11, 24, 8, tzinfo=UTC),
    "late in the evening": datetime(2026, 11, 25, 1, tzinfo=UTC),
    "the day the clocks go forward": datetime(2027, 3, 14, 9, 59, tzinfo=UTC),
    "the eve of that day": datetime(2027, 3, 12, 18, tzinfo=UTC),
    "the day the clocks go back": datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
    "the day after": datetime(2026, 11, 2, 12, tzinfo=UTC),
}


@pytest.mark.parametrize("at", MOMENTS.values(), ids=MOMENTS)
def test_everybody_may_be_rung_but_who_sleeps_and_who_did_not_agree(at: datetime) -> None:
    now = demo_moment(at)

    verdicts = decide_about_everybody(now)

    assert {name for name, verdict in verdicts.items() if verdict is Verdict.DEFER} == expected("deferred")
    assert {name for name, verdict in verdicts.items() if verdict is Verdict.DENY} == expected("denied")


def test_two_people_and_no_more_must_not_be_rung() -> None:
    assert (expected("deferred"), expected("denied")) == ({"Keoni Kahale"}, {"Emily Stone"})


def decide_about_everybody(now: datetime) -> dict[str, Verdict]:
    """The verdict on each person of the demo's own list, imported at ``now``."""
    world = World()
    take_copy(world.registries, id="fresh", taken_on=now.date(), begun_at=now)
    intake = Intake(seller_id=SellerId("seller-1"), campaign_id=CampaignId("campaign-1"), now=now)
    rows = rows_of_csv(leads_csv(PEOPLE, seller=SELLER, now=now).encode())
    report = import_leads(rows, intake=intake, leads=world.leads)
    assert report.refused == ()
    verdicts = {}
    for lead in world.leads.of_campaign(CampaignId("campaign-1")):
        facts = world.sources.for_claim(lead, world.campaign, free_slots=5, now=now)
        verdicts[f"{lead.first_name} {lead.last_name}"] = decide(facts, now=now).verdict
    assert verdicts.keys() == {person.name for person in PEOPLE}
    return verdicts


def expected(disposition: str) -> set[str]:
    """Who should end so."""
    return {person.name for person in PEOPLE if person.expected.disposition == disposition}
