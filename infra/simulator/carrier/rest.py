"""The REST interface under ``/2010-04-01/Accounts/{AccountSid}``."""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulator.carrier import refusals
from infra.simulator.carrier.call import Call
from infra.simulator.carrier.exchange import Exchange
from infra.simulator.carrier.life import place
from infra.simulator.carrier.listing import page_of, selected_calls
from infra.simulator.carrier.orders import Form, read_order
from infra.simulator.carrier.resources import VERSION, account_path, call_resource
from infra.simulator.carrier.sids import new_sid
from infra.simulator.carrier.updates import update_call

Endpoint = Callable[[Request], Awaitable[Response]]
ROOT = f"/{VERSION}/Accounts/{{account}}"


class Desk:
    """What all REST endpoints share: credentials, the form of errors, the journal."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def route(self, path: str, method: str, endpoint: Endpoint) -> Route:
        """A route below the account, open to those who have its credentials."""
        return self.open_route(ROOT + path, method, endpoint)

    def open_route(self, path: str, method: str, endpoint: Endpoint) -> Route:
        """A route of any path, open to those who have the account's credentials."""

        async def answer(request: Request) -> Response:
            code = None
            try:
                self._authenticate(request)
                response = await endpoint(request)
            except refusals.ApiRefusal as refusal:
                code = refusal.code
                response = JSONResponse(refusal.body(), status_code=refusal.status)
            response.headers["Twilio-Request-Id"] = new_sid("RQ")
            self.exchange.journal.note(
                "request",
                request.path_params.get("sid", ""),
                method=request.method,
                path=request.url.path,
                status=response.status_code,
                code=code,
                query=request.query_params.multi_items(),
                form=(await form_of(request)).pairs,
            )
            return response

        return Route(path, answer, methods=[method])

    def _authenticate(self, request: Request) -> None:
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            user = password = ""
        if scheme.lower() != "basic" or not self.exchange.account.opens_for(user, password):
            raise refusals.not_authenticated()
        if request.path_params.get("account", self.exchange.account.sid) != self.exchange.account.sid:
            raise refusals.not_found(request.url.path)


async def form_of(request: Request) -> Form:
    """The form body of a request; blank and repeated fields are kept."""
    return Form(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))


def call_routes(desk: Desk, *, stopping: asyncio.Event) -> list[Route]:
    """Create, read, list and update calls. ``stopping`` lets go of those a fault leaves hanging."""
    exchange = desk.exchange
    path = f"{account_path(exchange.account.sid)}/Calls.json"

    def found(request: Request) -> Call:
        call = exchange.calls.get(request.path_params["sid"])
        if call is None:
            raise refusals.not_found(request.url.path)
        return call

    async def create(request: Request) -> Response:
        return await _create(await form_of(request), exchange, stopping)

    async def fetch(request: Request) -> Response:
        return JSONResponse(call_resource(found(request)))

    async def update(request: Request) -> Response:
        call = found(request)
        update_call(call, await form_of(request), exchange)
        return JSONResponse(call_resource(call))

    async def listed(request: Request) -> Response:
        query = dict(request.query_params)
        calls = selected_calls(exchange.calls.values(), query)
        return JSONResponse(page_of(calls, query, path=path, key="calls", show=call_resource))

    return [
        desk.route("/Calls.json", "POST", create),
        desk.route("/Calls.json", "GET", listed),
        desk.route("/Calls/{sid}.json", "GET", fetch),
        desk.route("/Calls/{sid}.json", "POST", update),
    ]


async def _create(form: Form, exchange: Exchange, stopping: asyncio.Event) -> Response:
    order = read_order(form, exchange.account)
    fault = exchange.dice.create(order.to)
    if fault != "none":
        exchange.journal.note("fault", "", event="create", fault=fault, to=order.to)
    if fault == "429":
        raise refusals.too_many_requests()
    if exchange.is_full():
        raise refusals.too_many_at_once()
    if fault.endswith("_before"):
        await _fail(fault, exchange.dice.faults.create_timeout_seconds, stopping)
    call = place(order, exchange)
    if fault.endswith("_after"):
        await _fail(fault, exchange.dice.faults.create_timeout_seconds, stopping)
    return JSONResponse(call_resource(call), status_code=201)


async def _fail(fault: str, seconds: float, stopping: asyncio.Event) -> None:
    """Answer 503, at once or after the client has been left waiting."""
    if fault.startswith("timeout"):
        try:
            async with asyncio.timeout(seconds):
                await stopping.wait()
        except TimeoutError:
            pass
    raise refusals.server_failed()
