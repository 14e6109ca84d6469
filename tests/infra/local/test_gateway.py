"""Requests become API Gateway's events, and answers become HTTP."""

import base64
from collections.abc import AsyncIterator

import httpx
import pytest

from infra.local.gateway import Gateway
from infra.local.proxy_events import Request, http_answer, proxy_event
from infra.local.routes import Routes
from infra.local.runner import Runner
from infra.local.template_nouns import Function, HttpEvent
from shared.kernel.errors import Malformed
from tests.infra.local import handlers
from tests.infra.local.stack import NOON, SettableClock, small_stack


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    functions = small_stack().functions.values()
    gateway = Gateway(functions, runner=Runner(functions), clock=SettableClock())
    transport = httpx.ASGITransport(app=gateway, client=("203.0.113.9", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://calls.test") as client:
        yield client


async def test_the_closest_route_answers(http: httpx.AsyncClient) -> None:
    exact = await http.get("/leads")
    one = await http.post("/v1/twilio/answer/a1", content="x")
    rest = await http.get("/v1/campaigns/c1")

    assert exact.text.startswith("/leads ")
    assert one.text == "/v1/twilio/answer/{attempt} {'attempt': 'a1'} x"
    assert rest.text.startswith("/{proxy+} {'proxy': 'v1/campaigns/c1'}")


async def test_repeated_headers_of_an_answer_are_all_sent(http: httpx.AsyncClient) -> None:
    answer = await http.get("/leads")

    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.headers["content-type"] == "text/plain"


async def test_an_unknown_path_is_404_and_a_wrong_method_405() -> None:
    functions = [small_stack().functions["AnswerCall"]]
    gateway = Gateway(functions, runner=Runner(functions), clock=SettableClock())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=gateway), base_url="http://calls.test") as http:
        unknown = await http.get("/nowhere")
        wrong = await http.get("/v1/twilio/answer/a1")

    assert (unknown.status_code, unknown.json()) == (404, {"message": "Not Found"})
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")


async def test_a_function_that_breaks_or_answers_nonsense_is_502(http: httpx.AsyncClient) -> None:
    assert (await http.post("/v1/twilio/broken")).status_code == 502
    assert (await http.post("/v1/twilio/odd")).status_code == 502


async def test_a_function_that_outlives_its_timeout_is_504(http: httpx.AsyncClient) -> None:
    assert (await http.post("/v1/twilio/slow")).status_code == 504


async def test_the_carrier_may_send_64_kib_and_others_10_mib(http: httpx.AsyncClient) -> None:
    fits = await http.post("/v1/twilio/answer/a1", content=b"x" * 65_536)
    too_long = await http.post("/v1/twilio/answer/a1", content=b"x" * 65_537)
    import_file = await http.post("/imports", content=b"x" * 65_537)
    too_long_file = await http.post("/imports", content=b"x" * (10 * 1024 * 1024 + 1))

    assert [r.status_code for r in (fits, too_long, import_file, too_long_file)] == [200, 413, 200, 413]


async def test_the_health_page_needs_no_function(http: httpx.AsyncClient) -> None:
    assert (await http.get("/-/health")).status_code == 200


async def test_the_context_tells_the_function_who_it_is(http: httpx.AsyncClient) -> None:
    handlers.contexts.clear()
    await http.post("/v1/twilio/answer/a1")
    (context,) = handlers.contexts

    assert (context.function_name, context.memory_limit_in_mb) == ("AnswerCall", 256)
    assert context.invoked_function_arn.endswith(":function:AnswerCall")
    assert context.log_group_name == "/aws/lambda/AnswerCall"
    assert 0 < context.get_remaining_time_in_millis() <= 5000
    assert context.aws_request_id


def event_of(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "method": "POST",
        "path": "/leads/ada",
        "query": "page=1&tag=a&tag=b&blank=",
        "headers": [("host", "calls.test"), ("x-twilio-signature", "s"), ("x-forwarded-for", "198.51.100.7")],
        "body": b"From=%2B1555",
        "client": "203.0.113.9",
        "scheme": "http",
        **changes,
    }
    function = Function(name="Api", handler="a.b", http=(HttpEvent(path="/leads/{lead}", method="POST"),))
    match = Routes([function]).match("POST", str(values["path"]))
    assert match is not None
    return proxy_event(Request(**values), match, now=NOON)  # type: ignore[arg-type] # the changes fit


def test_an_event_has_the_form_of_payload_version_one() -> None:
    event = event_of()

    assert event["resource"] == "/leads/{lead}"
    assert event["pathParameters"] == {"lead": "ada"}
    assert event["queryStringParameters"] == {"page": "1", "tag": "b", "blank": ""}
    assert event["multiValueQueryStringParameters"] == {"page": ["1"], "tag": ["a", "b"], "blank": [""]}
    assert event["body"] == "From=%2B1555"
    assert event["isBase64Encoded"] is False


def test_header_names_are_canonical_and_the_client_is_added_to_the_forwarders() -> None:
    headers = event_of()["headers"]

    assert headers == {
        "Host": "calls.test",
        "X-Twilio-Signature": "s",
        "X-Forwarded-For": "198.51.100.7, 203.0.113.9",
        "X-Forwarded-Proto": "http",
    }


def test_the_request_context_names_stage_time_and_source() -> None:
    context = event_of()["requestContext"]

    assert isinstance(context, dict)
    assert context["stage"] == "local"
    assert context["identity"]["sourceIp"] == "203.0.113.9"
    assert context["requestTime"] == "02/Mar/2026:12:00:00 +0000"
    assert context["requestId"]


def test_what_is_absent_is_null() -> None:
    event = event_of(query="", body=b"")

    assert event["queryStringParameters"] is None
    assert event["multiValueQueryStringParameters"] is None
    assert event["body"] is None


def test_bytes_that_are_no_text_come_in_base64() -> None:
    event = event_of(body=b"\xff\x00")

    assert (event["body"], event["isBase64Encoded"]) == (base64.b64encode(b"\xff\x00").decode(), True)


def test_an_answer_in_base64_is_decoded() -> None:
    answer = http_answer({"statusCode": 200, "body": base64.b64encode(b"\x01\x02").decode(), "isBase64Encoded": True})

    assert answer.body == b"\x01\x02"
    assert answer.headers == [("Content-Type", "application/json")]


@pytest.mark.parametrize(
    "answer",
    [None, {"body": "x"}, {"statusCode": 200, "body": 7}, {"statusCode": 200, "body": "é", "isBase64Encoded": True}],
)
def test_an_answer_that_is_not_http_is_refused(answer: object) -> None:
    with pytest.raises(Malformed, match="the function's answer"):
        http_answer(answer)


def test_a_handler_that_does_not_exist_is_named() -> None:
    with pytest.raises(Malformed, match=r"functions\.no_such_door\.lambda_handler"):
        Runner([Function(name="Gone", handler="functions.no_such_door.lambda_handler")])
