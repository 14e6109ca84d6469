"""Changing a call at the carrier: once is enough, over is fine, failing is said so."""

from collections.abc import Callable
from urllib.parse import parse_qs

import httpx
import pytest

from shared.kernel.errors import Unavailable
from voice_node.carrier import CarrierLine


def line_that(answer: Callable[[httpx.Request], httpx.Response]) -> CarrierLine:
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://carrier", auth=("AC1", "token"))
    return CarrierLine(client, account_sid="AC1")


async def test_the_call_is_completed() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"status": "completed"})

    await line_that(answer).hang_up("CA7")

    [request] = asked
    assert (request.method, request.url.path) == ("POST", "/2010-04-01/Accounts/AC1/Calls/CA7.json")
    assert request.content == b"Status=completed"
    assert request.headers["authorization"].startswith("Basic ")


async def test_a_call_is_put_through_to_a_person() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"status": "in-progress"})

    await line_that(answer).transfer("CA7", "+15125550100")

    [request] = asked
    document = parse_qs(request.content.decode())["Twiml"][0]
    assert document.startswith('<Response><Dial timeout="25">+15125550100</Dial>')


async def test_a_call_that_is_over_is_fine() -> None:
    await line_that(lambda _: httpx.Response(404, json={"code": 20404})).hang_up("CA7")


async def test_a_carrier_that_fails_is_asked_twice() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(503)

    with pytest.raises(Unavailable, match="HTTP 503"):
        await line_that(answer).hang_up("CA7")

    assert len(asked) == 2


async def test_a_carrier_that_cannot_be_reached_is_said_so() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there", request=request)

    with pytest.raises(Unavailable, match="ConnectError"):
        await line_that(answer).hang_up("CA7")
