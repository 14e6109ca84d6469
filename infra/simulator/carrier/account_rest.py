"""The smaller REST resources: recordings, the account itself and its numbers."""

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulator.carrier import refusals
from infra.simulator.carrier.account import IncomingNumber
from infra.simulator.carrier.listing import page_of
from infra.simulator.carrier.orders import Form
from infra.simulator.carrier.recorder import Recording
from infra.simulator.carrier.resources import (
    account_resource,
    number_resource,
    recording_resource,
)
from infra.simulator.carrier.rest import Desk, form_of


def recording_routes(desk: Desk) -> list[Route]:
    """Read, list, download and delete recordings."""
    exchange = desk.exchange

    def found(request: Request) -> Recording:
        recording = exchange.recordings.get(request.path_params["sid"])
        if recording is None:
            raise refusals.not_found(request.url.path)
        return recording

    def shown(recording: Recording) -> dict[str, Any]:
        return recording_resource(recording, account_sid=exchange.account.sid, base_url=exchange.base_url)

    async def fetch(request: Request) -> Response:
        return JSONResponse(shown(found(request)))

    async def listed(request: Request) -> Response:
        query, path = dict(request.query_params), request.url.path
        call_sid = request.path_params.get("sid") or query.get("CallSid", "")
        chosen = [each for each in exchange.recordings.values() if not call_sid or each.call_sid == call_sid]
        return JSONResponse(page_of(chosen[::-1], query, path=path, key="recordings", show=shown))

    async def media(request: Request) -> Response:
        recording = found(request)
        if recording.status != "completed":
            raise refusals.not_found(request.url.path)
        channels = request.query_params.get("RequestedChannels") or str(recording.channels)
        return Response(recording.wav(channels=2 if channels == "2" else 1), media_type="audio/x-wav")

    async def delete(request: Request) -> Response:
        del exchange.recordings[found(request).sid]
        return Response(status_code=204)

    return [
        desk.route("/Recordings.json", "GET", listed),
        desk.route("/Calls/{sid}/Recordings.json", "GET", listed),
        desk.route("/Recordings/{sid}.json", "GET", fetch),
        desk.route("/Recordings/{sid}.json", "DELETE", delete),
        desk.route("/Recordings/{sid}.wav", "GET", media),
        desk.route("/Recordings/{sid}", "GET", media),
    ]


def account_routes(desk: Desk) -> list[Route]:
    """Read the account."""

    async def account(request: Request) -> Response:
        return JSONResponse(account_resource(desk.exchange.account))

    return [desk.route(".json", "GET", account)]


def number_routes(desk: Desk) -> list[Route]:
    """Read, list and change the account's numbers."""
    exchange = desk.exchange

    def found(request: Request) -> IncomingNumber:
        for owned in exchange.numbers.values():
            if owned.sid == request.path_params["sid"]:
                return owned
        raise refusals.not_found(request.url.path)

    def shown(owned: IncomingNumber) -> dict[str, Any]:
        return number_resource(owned, account_sid=exchange.account.sid)

    async def listed(request: Request) -> Response:
        query = dict(request.query_params)
        wanted = query.get("PhoneNumber", "")
        chosen = [owned for owned in exchange.numbers.values() if wanted in ("", owned.number)]
        path = request.url.path
        return JSONResponse(page_of(chosen, query, path=path, key="incoming_phone_numbers", show=shown))

    async def fetch(request: Request) -> Response:
        return JSONResponse(shown(found(request)))

    async def update(request: Request) -> Response:
        changed = _changed(found(request), await form_of(request))
        exchange.numbers[changed.number] = changed
        return JSONResponse(shown(changed))

    return [
        desk.route("/IncomingPhoneNumbers.json", "GET", listed),
        desk.route("/IncomingPhoneNumbers/{sid}.json", "GET", fetch),
        desk.route("/IncomingPhoneNumbers/{sid}.json", "POST", update),
    ]


def _changed(owned: IncomingNumber, form: Form) -> IncomingNumber:
    return replace(
        owned,
        voice_url=form.address("VoiceUrl", code=21502) or owned.voice_url,
        voice_method=form.choice("VoiceMethod", ("GET", "POST"), owned.voice_method, code=21403),
        voice_fallback_url=form.address("VoiceFallbackUrl", code=21503) or owned.voice_fallback_url,
        status_callback=form.address("StatusCallback", code=21609) or owned.status_callback,
    )
