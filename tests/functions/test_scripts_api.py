"""Scripts through the API's door: looked over, drafted, published, compared, and spoken by campaigns."""

from typing import Any

import pytest
from openapi_spec_validator import validate

from shared.conversation.script import script_names, script_text
from tests.functions.desk import Desk
from tests.functions.test_api import Client, add_seller, campaign_body

RENTAL = script_text("rental").replace("subject: a rental", "subject: a place to rent", 1)
PLACE = "/v1/scripts/rental"


@pytest.fixture
def client() -> Client:
    return Client(Desk())


def publish(client: Client, text: str = RENTAL, name: str = "rental", **more: str) -> Any:
    client.ask("POST", f"/v1/scripts/{name}/draft", {"text": text, **more})
    return client.ask("POST", f"/v1/scripts/{name}/publish", {"note": "other words", "by": "kim"})


def test_the_scripts_of_the_project_are_there_from_the_first_day(client: Client) -> None:
    found = client.ask("GET", "/v1/scripts")

    assert [each["name"] for each in found] == script_names()
    assert all((each["newest"], each["is_built_in"], each["has_draft"]) == (1, True, False) for each in found)
    whole = client.ask("GET", PLACE)
    assert (whole["number"], whole["text"]) == (1, script_text("rental"))
    assert whole["script"]["phrases"]["goodbye"]


def test_a_draft_becomes_the_next_version(client: Client) -> None:
    draft = client.ask("POST", f"{PLACE}/draft", {"by": "kim"})
    assert (client.status, draft["based_on"], draft["revision"]) == (201, 1, 1)
    changed = client.ask("PATCH", f"{PLACE}/draft", {"text": RENTAL, "revision": 1, "by": "lee"})
    assert (changed["revision"], changed["edited_by"], changed["check"]["may_be_published"]) == (2, "lee", True)

    made = client.ask("POST", f"{PLACE}/publish", {"revision": 2, "note": "other words", "by": "kim"})

    assert (client.status, made["number"], made["published_by"], made["note"]) == (201, 2, "kim", "other words")
    assert [each["number"] for each in client.ask("GET", f"{PLACE}/versions")] == [1, 2]
    assert client.ask("GET", PLACE)["text"] == RENTAL
    assert client.ask("GET", PLACE, query="version=1")["text"] == script_text("rental")
    client.ask("GET", f"{PLACE}/draft")
    assert client.status == 404


def test_what_changed_is_shown_line_by_line(client: Client) -> None:
    publish(client)
    client.ask("POST", f"{PLACE}/revert", {"number": 1, "by": "kim"})

    diff = client.ask("GET", f"{PLACE}/diff", query="older=2&newer=draft")["diff"]

    assert "--- rental@2\n+++ rental@draft\n" in diff
    assert "-subject: a place to rent\n+subject: a rental\n" in diff


def test_a_draft_with_problems_says_each_and_is_not_published(client: Client) -> None:
    draft = client.ask("POST", f"{PLACE}/draft", {"text": "name: rental\ncolour: red\n"})

    assert not draft["check"]["may_be_published"]
    assert {"line": 2, "key": "colour", "says": "is no key of a script"}.items() <= next(
        each for each in draft["check"]["problems"] if each["line"] == 2
    ).items()
    problem = client.ask("POST", f"{PLACE}/publish", {})
    assert (client.status, "rental:2: colour" in problem["detail"]) == (400, True)


def test_a_check_keeps_nothing(client: Client) -> None:
    found = client.ask("POST", "/v1/scripts/check", {"text": RENTAL.replace("a place", "the 2nd place")})

    assert (client.status, found["may_be_published"]) == (200, True)  # a subject is no phrase
    found = client.ask("POST", "/v1/scripts/check", {"text": RENTAL.replace("That's fine.", "That's 100 % fine.")})
    assert [each["key"] for each in found["problems"]] == ["objections.has_agent.reply[1]"] * 2
    assert not any(each["has_draft"] for each in client.ask("GET", "/v1/scripts"))


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/scripts/nothing", None, 404),
        ("GET", f"{PLACE}?version=7", None, 404),
        ("POST", "/v1/scripts/nothing/draft", {}, 400),
        ("POST", "/v1/scripts/nothing/draft", {"like": "rental@9"}, 404),
        ("POST", f"{PLACE}/draft", {"seller_id": "nobody"}, 404),
        ("POST", f"{PLACE}/publish", {}, 404),
        ("POST", f"{PLACE}/revert", {"number": 3}, 404),
        ("PATCH", f"{PLACE}/draft", {"text": RENTAL, "revision": 1}, 404),
        ("POST", f"{PLACE}/draft", {"text": "x" * 70_000}, 400),
        ("POST", f"{PLACE}/draft", {"colour": "red"}, 400),
    ],
)
def test_what_cannot_be_done_is_said(client: Client, method: str, path: str, body: Any, status: int) -> None:
    path, _, query = path.partition("?")
    client.ask(method, path, body, query=query)

    assert client.status == status


def test_somebody_elses_change_is_not_written_over(client: Client) -> None:
    client.ask("POST", f"{PLACE}/draft", {})
    client.ask("PATCH", f"{PLACE}/draft", {"text": RENTAL, "revision": 1})

    for method, path, body in (
        ("PATCH", f"{PLACE}/draft", {"text": "mine", "revision": 1}),
        ("POST", f"{PLACE}/publish", {"revision": 1}),
        ("POST", f"{PLACE}/draft", {}),
    ):
        client.ask(method, path, body)
        assert client.status == 409
    assert client.ask("DELETE", f"{PLACE}/draft") == {"dropped": True}
    assert client.ask("DELETE", f"{PLACE}/draft") == {"dropped": False}


def test_a_campaign_speaks_a_version_that_is_there_and_sounds_like_it(client: Client) -> None:
    publish(client, RENTAL.replace("sounds: female", "sounds: male"))
    seller = add_seller(client)

    for script, status in (("rental@2", 201), ("rental@3", 400), ("rental@x", 400), ("nothing", 400)):
        body = campaign_body(seller, script=script)
        del body["voice"]
        made = client.ask("POST", "/v1/campaigns", body | {"plan": {"inbound_script": "inbound@1"}})
        assert client.status in ((status,) if status == 201 else (400, 404)), made
    [campaign] = [each for each in client.ask("GET", "/v1/campaigns") if each["script"] == "rental@2"]
    assert (campaign["voice"], campaign["plan"]["inbound_script"]) == ("en-us+m3", "inbound@1")


def test_a_sellers_own_script_is_for_its_campaigns_alone(client: Client) -> None:
    mine, other = add_seller(client), add_seller(client)
    publish(client, RENTAL.replace("name: rental", "name: lofts", 1), "lofts", seller_id=mine)

    client.ask("POST", "/v1/campaigns", campaign_body(other, script="lofts"))
    assert client.status == 400
    client.ask("POST", "/v1/campaigns", campaign_body(mine, script="lofts"))
    assert client.status == 201


def test_a_draft_can_be_rehearsed_before_anybody_hears_it(client: Client) -> None:
    client.ask("POST", f"{PLACE}/draft", {"text": RENTAL})
    link = client.ask("POST", "/v1/talks", {"script": "rental@draft"})
    client.ask("POST", "/v1/talk/sessions", {"pass_text": link["pass_text"]})

    assert client.status == 201
    client.ask("POST", "/v1/talks", {"script": "inbound@draft"})
    assert client.status == 404


def test_only_who_has_the_key_reads_or_writes_scripts(client: Client) -> None:
    stranger = Client(client.desk, key="wrong")

    for method, path in (("GET", "/v1/scripts"), ("POST", "/v1/scripts/check"), ("POST", f"{PLACE}/publish")):
        stranger.ask(method, path, {} if method == "POST" else None)
        assert stranger.status == 401


def test_the_description_of_the_api_shows_how_scripts_are_written(client: Client) -> None:
    described = client.ask("GET", "/v1/openapi.json")

    validate(described)
    paths = {path for path in described["paths"] if path.startswith("/v1/scripts")}
    assert len(paths) == 8
    schemas = described["components"]["schemas"]
    assert all("examples" in schemas[name] for name in ("CheckBody", "DraftBody", "PublishBody"))
    assert client.ask("POST", "/v1/scripts/check", schemas["CheckBody"]["examples"][0])["may_be_published"]
