"""The simulator's own endpoints under ``/simulator``, apart from the carrier's."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulator.carrier.directory import read_record
from infra.simulator.carrier.exchange import Exchange
from infra.simulator.carrier.faults import Faults
from infra.simulator.carrier.life import ring_in
from infra.simulator.carrier.resources import call_resource
from shared.kernel.errors import Malformed, NotFound


def control_routes(exchange: Exchange) -> list[Route]:
    """Read the journal and the calls, set the faults, put numbers down for look-ups, have a person ring in."""

    async def journal(request: Request) -> Response:
        query = request.query_params
        after = query.get("after", "0")
        entries = exchange.journal.entries(
            kind=query.get("kind", ""),
            call_sid=query.get("call_sid", ""),
            after=int(after) if after.isdecimal() else 0,
        )
        return JSONResponse({"entries": [entry.shown() for entry in entries]})

    async def calls(request: Request) -> Response:
        return JSONResponse({"calls": [call_resource(call) for call in exchange.calls.values()]})

    async def ring(request: Request) -> Response:
        try:
            asked = await _body(request)
            call = ring_in(
                from_number=str(asked.get("from", "")), to_number=str(asked.get("to", "")), exchange=exchange
            )
        except (Malformed, NotFound) as error:
            return _refused(error)
        return JSONResponse(call_resource(call), status_code=201)

    async def directory(request: Request) -> Response:
        try:
            told = {str(number): read_record(values) for number, values in (await _body(request)).items()}
        except Malformed as error:
            return _refused(error)
        exchange.directory |= told
        return JSONResponse({"numbers": sorted(exchange.directory)})

    async def faults(request: Request) -> Response:
        if request.method == "PUT":
            try:
                exchange.dice.set(Faults.read(await _body(request)))
            except Malformed as error:
                return _refused(error)
        return JSONResponse(exchange.dice.faults.shown())

    return [
        Route("/simulator/journal", journal, methods=["GET"]),
        Route("/simulator/calls", calls, methods=["GET"]),
        Route("/simulator/calls", ring, methods=["POST"]),
        Route("/simulator/directory", directory, methods=["PUT"]),
        Route("/simulator/faults", faults, methods=["GET", "PUT"]),
    ]


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError as error:
        raise Malformed("the body is no JSON") from error
    if not isinstance(body, dict):
        raise Malformed("the body is no JSON object")
    return body


def _refused(error: Malformed | NotFound) -> Response:
    status = 400 if isinstance(error, Malformed) else 404
    return JSONResponse({"message": str(error)}, status_code=status)
