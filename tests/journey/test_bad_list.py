"""A list with mistakes: the good rows are imported, every other one is answered for, and nothing is lost."""

import json
from datetime import timedelta

import pytest

from functions.api import door
from infra.cli.demo.leads import COLUMNS
from shared.kernel.ids import CampaignId
from tests.functions.desk import API_KEY, http_event
from tests.journey.road import Road, persona

pytestmark = pytest.mark.real_servers

HEADER = "First Name,Mobile,TZ,State,Consent,Consent Channels,Consent Date,Consent Page,Favourite Colour"
GOOD = "Ada,(512) 555-0102,America/Chicago,TX,I agree to AI calls,ai_voice,2026-03-01,form,blue"
ROWS = (
    GOOD,
    "Bob,123,America/Chicago,TX,I agree to AI calls,ai_voice,2026-03-01,form,red",
    "Cy,512.555.0102,America/Chicago,TX,I agree to AI calls,ai_voice,2026-03-01,form,red",
    "Di,+1 512 555 0103,Mars/Base,TX,I agree to AI calls,ai_voice,2026-03-01,form,red",
    "Ed,+1 512 555 0104,America/Chicago,TX,,ai_voice,2026-03-01,form,red",
    "Flo,+1 512 555 0105,America/Chicago,TX,I agree to AI calls,ai_voice,,form,red",
    "Gus,+1 512 555 0106,America/Chicago,TX,I agree to AI calls,ai_voice,2027-03-01,form,red",
    ",+1 512 555 0107,America/Chicago,TX,I agree to AI calls,ai_voice,2026-03-01,form,red",
    "Hal,+1 512 555 0108,America/Chicago,TX,I agree to AI calls,carrier pigeon,2026-03-01,form,red",
    "Ida,+1 512 555 0109,America/Chicago,TX,I agree to AI calls,ai_voice,2026-03-01,form,green",
    "Too,few",
)


@pytest.fixture
def campaign(road: Road) -> CampaignId:
    return road.start_campaign(persona("Maria Lopez"))


def send(road: Road, campaign: CampaignId, text: str | bytes) -> tuple[int, str]:
    """The API's status, and what it says about the list as a whole."""
    body = text if isinstance(text, str) else text.decode("latin-1")
    headers = {"Authorization": f"Bearer {API_KEY}", "Content-Type": "text/csv"}
    answer = door.lambda_handler(
        http_event("POST", f"/v1/campaigns/{campaign}/leads", body=body, headers=headers), None
    )
    return answer["statusCode"], json.loads(answer["body"]).get("detail", "")


def test_good_rows_are_imported_and_every_refused_one_has_a_line_and_a_reason(road: Road, campaign: CampaignId) -> None:
    told = road.ask("POST", f"/v1/campaigns/{campaign}/leads", "\n".join((HEADER, *ROWS)), kind="text/csv")

    assert (told["rows"], told["accepted"]) == (len(ROWS), 2)
    refused = {row["line"]: (row["column"], row["reason"]) for row in told["refused"]}
    assert {line: column for line, (column, _) in refused.items()} == {
        3: "phone",
        4: "phone",
        5: "timezone",
        6: "consent_text",
        7: "consent_at",
        8: "consent_at",
        9: "first_name",
        10: "consent_channels",
        12: "phone",
    }
    assert refused[4][1] == "the same number as in line 2"
    assert "Mars/Base" in refused[5][1]
    assert all(reason for _, reason in refused.values())
    names = {lead.first_name for lead in road.services.leads.of_campaign(campaign)}
    assert names == {"Maria", "Ada", "Ida"}


def test_the_same_list_again_adds_nobody_twice(road: Road, campaign: CampaignId) -> None:
    path, text = f"/v1/campaigns/{campaign}/leads", f"{HEADER}\n{GOOD}\n"
    road.ask("POST", path, text, kind="text/csv")

    again = road.ask("POST", path, text, kind="text/csv")

    assert again["accepted"] == 0
    assert [row["reason"] for row in again["refused"]] == ["the campaign already has a lead with this number"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Name of pet,Shoe size\nRex,42\n", "phone"),
        (",".join(COLUMNS).replace("consent_text", "remarks") + "\n", "consent_text"),
        ("phone,phone\n1,2\n", "phone"),
        ("\n\n", ""),
    ],
)
def test_a_list_without_the_columns_we_need_says_which(road: Road, campaign: CampaignId, text: str, says: str) -> None:
    status, detail = send(road, campaign, text)

    assert status == 400
    assert says in detail
    assert len(road.services.leads.of_campaign(campaign)) == 1


def test_whom_a_broken_list_names_well_is_rung(road: Road, campaign: CampaignId) -> None:
    road.ask("POST", f"/v1/campaigns/{campaign}/leads", "\n".join((HEADER, *ROWS)), kind="text/csv")

    road.a_minute_passes()
    road.clock.moment += timedelta(seconds=10)  # a campaign's calls of a minute are spread over it
    road.work_off()

    assert {dial.to for dial in road.telephony.dialled} == {"+15125550101", "+15125550102", "+15125550109"}
