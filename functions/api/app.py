"""The application: its routes, and errors as problem+json."""

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from functions.api import (
    analyses,
    calls,
    campaign_leads,
    campaigns,
    dead_letters,
    decisions,
    inbound,
    lists,
    money,
    numbers,
    people,
    readiness,
    recordings,
    scores,
    scripts,
    stops,
    talk,
)
from functions.api.access import check_key
from functions.bootstrap import Services
from functions.entry import http_status
from functions.log import logger
from functions.services import KEY, needed
from shared.kernel.errors import ReautoError


def build_app(services: Services) -> FastAPI:
    """The API over ``services``.

    Raises:
        BadSettings: There is no key by which anybody could be let in.
    """
    needed(KEY, services.api_key)
    app = FastAPI(
        title="REAutomation2",
        version="1",
        description="Sellers, agents, campaigns, leads and their calls.",
        docs_url="/v1/docs",
        redoc_url=None,
        openapi_url="/v1/openapi.json",
    )
    app.state.services = services
    rooms = (people, campaigns, campaign_leads, scripts, numbers, calls, recordings, decisions, lists, stops, inbound)
    for router in (room.router for room in (*rooms, analyses, money, scores, dead_letters, readiness, talk)):
        app.include_router(router, dependencies=[Depends(check_key)])
    app.include_router(calls.open_router)
    app.include_router(talk.open_router)
    app.add_exception_handler(ReautoError, _ours)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)
    return app


async def _ours(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ReautoError)
    status, title = http_status(error)
    logger.warning("request refused", extra={"status": status, "kind": type(error).__name__})
    return _problem(status, title, str(error))


async def _unreadable(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()]
    return _problem(400, "Malformed", "; ".join(faults))


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return _problem(error.status_code, "Not possible", str(error.detail), headers=dict(error.headers or {}))


def _problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """RFC 9457."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status_code=status, headers=headers, media_type="application/problem+json")
