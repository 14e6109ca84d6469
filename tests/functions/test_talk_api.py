"""Talking from a browser, seen from the API's door: links, sessions, the page, the carrier's own tokens."""

import json
from datetime import timedelta

import jwt
import pytest

from functions.api.door import handle
from shared.adapters.twilio.voice_token import TwilioVoiceTokens
from shared.campaigns import Opening
from shared.campaigns.opening import opening_text
from shared.conversation.rehearsal import MARK, NOBODYS_PHONE
from shared.conversation.talk_pass import read_ticket
from shared.kernel.errors import Refused
from tests.functions.desk import PUBLIC, SDK_SECRET, SECRET, Desk, http_event
from tests.functions.test_api import Client, add_campaign
from tests.shared.calls.world import NOON


@pytest.fixture
def client() -> Client:
    return Client(Desk())


def ticket_of(client: Client, session: dict[str, str]) -> str:
    lease = client.desk.world.lease
    brief = read_ticket(SECRET, session["ticket"], worker=lease.worker, epoch=lease.epoch, now=NOON)
    return brief.model_dump_json(include={"attempt_id", "phone", "seller_name", "script", "first_name"})


def test_a_link_leads_to_a_worker_with_a_brief_of_nobody(client: Client) -> None:
    link = client.ask("POST", "/v1/talks", {"script": "seller_home_value", "first_name": "Robin"})
    session = client.ask("POST", "/v1/talk/sessions", {"pass_text": link["pass_text"]})

    assert client.status == 201
    assert link["url"] == f"{PUBLIC}/v1/talk#{link['pass_text']}"
    lease = client.desk.world.lease
    assert session["offer_url"] == f"{lease.url.replace('ws', 'http', 1)}/w/{lease.worker}/talk"
    assert session["you"] == "Robin Morgan"
    brief = json.loads(ticket_of(client, session))
    assert brief["attempt_id"].startswith(MARK)
    assert (brief["phone"], brief["script"]) == (NOBODYS_PHONE, "seller_home_value")
    assert client.desk.world.store.attempts == {}


def test_a_campaign_is_rehearsed_with_its_own_seller_opening_and_slots(client: Client) -> None:
    campaign_id = add_campaign(client)
    campaigns = client.desk.services.campaigns
    campaign = campaigns.get(campaign_id)
    seller = campaigns.seller(campaign.seller_id)
    agent = {
        "seller_id": seller.id,
        "name": "Kim",
        "timezone": "America/Chicago",
        "hours": [{"weekday": day, "opens": "09:00", "closes": "17:00"} for day in range(5)],
    }
    client.ask("POST", "/v1/agents", agent)
    audio = bytes(range(256))
    campaigns.save_opening(
        Opening(campaign_id=campaign_id, voice=campaign.voice, text=opening_text(seller), audio=audio, rendered_at=NOON)
    )

    link = client.ask("POST", "/v1/talks", {"campaign_id": campaign_id})
    session = client.ask("POST", "/v1/talk/sessions", {"pass_text": link["pass_text"]})

    lease = client.desk.world.lease
    brief = read_ticket(SECRET, session["ticket"], worker=lease.worker, epoch=lease.epoch, now=NOON)
    assert (session["title"], brief.seller_name) == (campaign.name, seller.registered_name)
    assert (brief.opening_audio, brief.opening_text) == (audio, opening_text(seller))
    assert {slot.agent_name for slot in brief.slots} == {"Kim"}


def test_only_those_with_a_key_make_links_and_only_those_with_a_pass_begin(client: Client) -> None:
    stranger = Client(client.desk, key="wrong")
    stranger.ask("POST", "/v1/talks", {"script": "seller_home_value"})
    assert stranger.status == 401

    said = client.ask("POST", "/v1/talk/sessions", {"pass_text": "made.up"})
    assert client.status == 409
    assert "talk pass" in said["detail"]


def test_a_link_expires(client: Client) -> None:
    link = client.ask("POST", "/v1/talks", {"script": "seller_home_value"})
    client.desk.clock.moment += timedelta(hours=1)

    said = client.ask("POST", "/v1/talk/sessions", {"pass_text": link["pass_text"]})

    assert (client.status, said["detail"]) == (409, "this link has expired: ask for a new one with `reauto talk`")


def test_a_full_node_says_so(client: Client) -> None:
    link = client.ask("POST", "/v1/talks", {"script": "seller_home_value"})
    for _ in range(client.desk.world.lease.slots):
        client.ask("POST", "/v1/talk/sessions", {"pass_text": link["pass_text"]})
        assert client.status == 201

    said = client.ask("POST", "/v1/talk/sessions", {"pass_text": link["pass_text"]})

    assert (client.status, said["detail"]) == (503, "no voice worker has room now: try again in a moment")


def test_what_is_not_there_cannot_be_rehearsed(client: Client) -> None:
    asked = [{"script": "no_such_script"}, {"campaign_id": "none"}, {}, {"script": "a", "campaign_id": "b"}]

    assert [client.ask("POST", "/v1/talks", body)["status"] for body in asked] == [404, 404, 400, 400]


def test_the_page_is_open_to_all_and_loads_nothing_from_elsewhere(client: Client) -> None:
    answer = handle(http_event("GET", "/v1/talk"), client.desk.services)

    assert answer["statusCode"] == 200
    assert not answer["isBase64Encoded"]
    assert "default-src 'none'" in str(answer)
    assert all(word not in answer["body"] for word in ('src="http', 'href="http', "@import"))


def test_the_carriers_token_lets_its_bearer_call_and_not_be_called(client: Client) -> None:
    token = client.ask("POST", "/v1/voice-tokens", {"identity": "ada"})["token"]

    claims = jwt.decode(token, SDK_SECRET, algorithms=["HS256"], options={"verify_exp": False})
    assert (claims["iss"], claims["sub"]) == ("SK1", "AC1")
    assert claims["grants"] == {
        "identity": "ada",
        "voice": {"outgoing": {"application_sid": "AP1"}},
    }
    made_at = int(claims["jti"].removeprefix("SK1-"))
    assert claims["exp"] - made_at in (3_600, 3_601)
    assert jwt.get_unverified_header(token)["cty"] == "twilio-fpa;v=1"


def test_without_its_settings_there_is_no_token_and_the_answer_says_what_is_missing() -> None:
    tokens = TwilioVoiceTokens(account_sid="AC1", api_key="", api_secret="", application="AP1")

    with pytest.raises(Refused, match="TWILIO_API_KEY, TWILIO_API_SECRET"):
        tokens.issue("ada")
