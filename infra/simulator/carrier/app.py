"""The carrier's ASGI application."""

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse

from infra.simulator.carrier.account_rest import account_routes, number_routes, recording_routes
from infra.simulator.carrier.control import control_routes
from infra.simulator.carrier.exchange import Exchange
from infra.simulator.carrier.lookups import lookup_routes
from infra.simulator.carrier.refusals import not_found
from infra.simulator.carrier.rest import Desk, call_routes
from infra.simulator.carrier.usage import usage_routes


def build_app(exchange: Exchange, *, stopping: asyncio.Event) -> Starlette:
    """REST, control, and the carrier's own form of 404 for everything else."""
    desk = Desk(exchange)
    routes = [
        *call_routes(desk, stopping=stopping),
        *recording_routes(desk),
        *account_routes(desk),
        *number_routes(desk),
        *lookup_routes(desk),
        *usage_routes(desk),
    ]

    async def unknown(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse(not_found(request.url.path).body(), status_code=404)

    return Starlette(routes=[*routes, *control_routes(exchange)], exception_handlers={404: unknown})
