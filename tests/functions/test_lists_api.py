"""Do-not-call lists over HTTP, and why a number may or may not be rung."""

from datetime import timedelta
from typing import Any

import pytest

from shared.campaigns.sign_off import StatePolicy
from shared.campaigns.start import start_campaign
from shared.leads import LeadStatus
from shared.leads.registry import Registry
from tests.functions.desk import Desk
from tests.functions.test_api import Client
from tests.shared.calls.world import NOON, SELLER, make_consent, make_lead

TODAY = NOON.date().isoformat()
LEAD = make_lead()
SIGN_OFFS = f"/v1/sellers/{SELLER.id}/sign-offs"
FINISHED = "/v1/suppressions/copies"


@pytest.fixture
def client() -> Client:
    return Client(Desk())


def head(**changes: Any) -> dict[str, Any]:
    return {"list": "national", "taken_on": TODAY, "area_codes": ["512"], **changes}


def test_a_whole_copy_comes_in_with_one_request(client: Client) -> None:
    told = client.ask("POST", "/v1/suppressions/imports", head(numbers=[LEAD.phone, "x"], account="1-2"))

    assert client.status == 201
    assert (told["accepted"], [bad["line"] for bad in told["refused"]]) == (1, [2])
    [newest, _] = client.ask("GET", FINISHED)
    assert (newest["id"], newest["area_codes"], newest["account"], newest["numbers"]) == (told["id"], ["512"], "1-2", 1)


def test_a_large_copy_comes_in_parts_and_counts_when_it_is_finished(client: Client) -> None:
    begun = client.ask("POST", "/v1/suppressions/imports", head(is_complete=False))
    part = f"/v1/suppressions/imports/{begun['id']}"
    told = client.ask("POST", f"{part}/numbers", "5125550101\n3035550101\n", kind="text/csv")

    assert (told["rows"], told["accepted"], told["refused"][0]["line"]) == (2, 1, 2)
    assert len(client.ask("GET", FINISHED)) == 1
    assert client.ask("POST", f"{part}/finish")["numbers"] == 1
    assert len(client.ask("GET", FINISHED)) == 2
    client.ask("POST", f"{part}/numbers", "5125550102", kind="text/csv")
    assert client.status == 409


def test_a_copy_that_would_let_everybody_be_called_is_refused_unless_it_is_meant(client: Client) -> None:
    garbage = "<html>\nError 404\n<p>1 of 2</p>\n5125550101\n"
    for changes, said in (({}, "say that the list is empty"), ({"numbers": garbage}, "2 of 3 lines are no numbers")):
        told = client.ask("POST", "/v1/suppressions/imports", head(**changes))
        assert (400 <= client.status < 500, said in told["detail"]) == (True, True), told
    begun = client.ask("POST", "/v1/suppressions/imports", head(is_complete=False))
    part = f"/v1/suppressions/imports/{begun['id']}"
    client.ask("POST", f"{part}/numbers", garbage, kind="text/csv")
    assert client.status == 400
    client.ask("POST", f"{part}/finish")
    assert client.status == 409
    assert len(client.ask("GET", FINISHED)) == 1

    client.ask("POST", f"{part}/finish", query="is_empty=true")
    client.ask("POST", "/v1/suppressions/imports", head(numbers=garbage, despite_bad_lines=True))
    assert {each["numbers"] for each in client.ask("GET", FINISHED)[:2]} == {0, 1}


def test_our_own_list_takes_numbers_one_by_one_and_many_at_once(client: Client) -> None:
    client.ask("POST", "/v1/suppressions", {"phone": "(512) 555-0101", "evidence": "letter of May 3"})
    told = client.ask(
        "POST",
        "/v1/suppressions/imports/internal/numbers",
        "5125550102\n",
        query=f"taken_on={TODAY}&seller_id={SELLER.id}",
        kind="text/csv",
    )
    again = client.ask("POST", "/v1/suppressions/imports", head(list="internal", numbers="5125550103"))

    assert (told["id"], told["accepted"], again["accepted"]) == (None, 1, 1)
    entries = client.ask("GET", "/v1/suppressions")
    assert {(each["phone"][-1], each["seller_id"]) for each in entries} == {("1", None), ("2", SELLER.id), ("3", None)}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("POST", "/v1/suppressions/imports", head(taken_on="2031-01-01"), 400, "future"),
        ("POST", "/v1/suppressions/imports", head(list="ours"), 400, "list"),
        ("POST", "/v1/suppressions/imports", head(area_codes=[]), 400, "area_codes"),
        ("POST", "/v1/suppressions/imports", head(list="state"), 400, "names its state"),
        ("POST", "/v1/suppressions/imports", head(taken_on="2026-02-20"), 409, "newer|in use"),
        ("POST", "/v1/suppressions/imports/nothing/finish", None, 404, "no registry copy"),
        ("POST", "/v1/suppressions", {"phone": "12"}, 400, "phone"),
        ("POST", "/v1/suppressions", {"phone": "+15125550101", "seller_id": "nobody"}, 404, "seller"),
        ("POST", SIGN_OFFS, {"state": "XX", "policy": "allow", "signed_by": "a"}, 400, "XX"),
        (
            "POST",
            SIGN_OFFS,
            {"state": "CA", "policy": "yes", "signed_by": "a"},
            400,
            "policy",
        ),
        ("GET", "/v1/numbers/nonsense", None, 400, "telephone number"),
    ],
)
def test_what_cannot_be_is_refused(client: Client, method: str, path: str, body: Any, status: int, said: str) -> None:
    told = client.ask(method, path, body)

    assert client.status == status
    assert any(part in told["detail"] for part in said.split("|"))


def test_a_number_says_why_it_may_or_may_not_be_rung(client: Client) -> None:
    client.desk.world.leads.add([LEAD], [make_consent(LEAD)])
    shown = client.ask("GET", f"/v1/numbers/{LEAD.phone}")

    assert (shown["phone"], shown["consents"], shown["suppressions"]) == (LEAD.phone, 1, [])
    assert [each["is_listed"] for each in shown["listings"]] == [False]
    [verdict] = shown["leads"]
    assert (verdict["verdict"], verdict["campaign"], verdict["allowed_until"]) == (
        "allow",
        "Spring",
        "2026-03-11T02:00:00Z",
    )

    client.ask("POST", "/v1/suppressions", {"phone": LEAD.phone})
    [verdict] = client.ask("GET", f"/v1/numbers/{LEAD.phone}")["leads"]
    assert (verdict["verdict"], verdict["reasons"]) == ("deny", ["the number is suppressed"])
    [finding] = [each for each in verdict["findings"] if each["verdict"] != "allow"]
    assert (finding["rule"], finding["evidence"]["reason"]) == ("suppression.listed", "do_not_call")


def test_a_number_that_no_lead_has_is_shown_with_every_list(client: Client) -> None:
    florida = head(list="state", state="FL", area_codes="all", numbers="3055550101")
    client.ask("POST", "/v1/suppressions/imports", florida)

    shown = client.ask("GET", "/v1/numbers/+13055550101")

    assert {each["registry"]: each["is_listed"] for each in shown["listings"]} == {
        Registry.NATIONAL.value: False,
        Registry.STATE.value: True,
    }
    assert shown["leads"] == []


def test_signatures_are_kept_and_the_newest_of_a_state_is_shown(client: Client) -> None:
    signed = {"state": "CA", "policy": "block", "signed_by": "R. Counsel"}
    client.ask("POST", SIGN_OFFS, signed)
    client.desk.clock.moment = NOON.replace(hour=18)
    client.ask("POST", SIGN_OFFS, {**signed, "policy": "consent_only", "licence": "exempt by 2871(b)"})

    [shown] = client.ask("GET", SIGN_OFFS)
    assert (shown["policy"], shown["licence"]) == (StatePolicy.CONSENT_ONLY, "exempt by 2871(b)")


def revived(desk: Desk) -> None:
    """The campaign, which was over with its only lead, started by a person."""
    campaign = desk.world.campaigns.get(desk.world.campaign.id)
    assert campaign.paused_because == (
        "it was over; of the people it could not ring, 1 may be rung now: start it to ring them"
    )
    desk.world.render_opening()
    start_campaign(campaign.id, starting=desk.services.starting, now=NOON)


def test_a_newer_copy_has_people_looked_at_again_whom_the_older_one_listed() -> None:
    desk = Desk()
    client = Client(desk)
    consent = make_consent(LEAD, text="I agree to calls with an artificial voice.")
    desk.world.leads.add([LEAD], [consent])
    client.ask("POST", "/v1/suppressions/imports", head(numbers=LEAD.phone))
    assert desk.world.dispatch().denied == 1
    assert desk.world.lead().status is LeadStatus.BLOCKED

    told = client.ask("POST", "/v1/suppressions/imports", head(is_empty=True))
    assert told["reopened"] == 1
    revived(desk)
    assert desk.world.dispatch().planned == 1


def test_a_signature_has_people_looked_at_again_whom_the_law_blocked() -> None:
    desk = Desk()
    client = Client(desk)
    client.ask("POST", SIGN_OFFS, {"state": "TX", "policy": "block", "signed_by": "Ann Arbor"})
    desk.world.add(LEAD)
    assert desk.world.dispatch().denied == 1

    desk.clock.moment = NOON + timedelta(minutes=1)
    told = client.ask("POST", SIGN_OFFS, {"state": "TX", "policy": "allow", "signed_by": "Ann", "licence": "TX-1"})
    assert told["reopened"] == 1
    revived(desk)
    assert desk.world.dispatch(desk.clock.now()).planned == 1
