"""Lookup v2: what is known of a number, package by package."""

import re
from datetime import date, datetime
from typing import Any

import phonenumbers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulator.carrier import refusals
from infra.simulator.carrier.directory import NumberRecord
from infra.simulator.carrier.numbers import shown
from infra.simulator.carrier.rest import Desk

PACKAGES = (
    "caller_name",
    "sim_swap",
    "call_forwarding",
    "line_type_intelligence",
    "line_status",
    "identity_match",
    "reassigned_number",
    "sms_pumping_risk",
)
FIELDS = frozenset({*PACKAGES, "validation", "phone_number_quality_score", "pre_fill"})
NO_COVERAGE = 60600
UNKNOWN_FIELD, BAD_DATE, NO_NUMBER = 60617, 60618, 20404


def lookup_routes(desk: Desk) -> list[Route]:
    """Look a number up; the packages this carrier sells are line types and reassignments."""

    async def look_up(request: Request) -> Response:
        asked = frozenset(filter(None, request.query_params.get("Fields", "").split(",")))
        if unknown := sorted(asked - FIELDS):
            raise refusals.bad_request(UNKNOWN_FIELD, f"Invalid Fields: {', '.join(unknown)}")
        last_verified = _day(request.query_params.get("LastVerifiedDate", ""), is_needed="reassigned_number" in asked)
        number = _read(request.path_params["number"], request.query_params.get("CountryCode", "US"))
        desk.exchange.looked_up(asked & {"line_type_intelligence", "reassigned_number"})
        return JSONResponse(_answer(number, asked, last_verified, desk))

    return [desk.open_route("/v2/PhoneNumbers/{number}", "GET", look_up)]


def _answer(number: str, asked: frozenset[str], last_verified: date | None, desk: Desk) -> dict[str, Any]:
    parsed = phonenumbers.parse(number)
    record = desk.exchange.record_of(number)
    answer: dict[str, Any] = {
        "calling_country_code": str(parsed.country_code),
        "country_code": phonenumbers.region_code_for_country_code(parsed.country_code or 0),
        "phone_number": number,
        "national_format": shown(number),
        "valid": phonenumbers.is_possible_number(parsed),
        "validation_errors": None,
        "url": f"https://lookups.twilio.com/v2/PhoneNumbers/{number}",
        **dict.fromkeys(PACKAGES),
    }
    if "line_type_intelligence" in asked:
        answer["line_type_intelligence"] = _line(record)
    if "reassigned_number" in asked and last_verified:
        answer["reassigned_number"] = _reassigned(number, record, last_verified)
    return answer


def _line(record: NumberRecord) -> dict[str, Any]:
    return {
        "mobile_country_code": "310" if record.line_type == "mobile" else None,
        "mobile_network_code": "000" if record.line_type == "mobile" else None,
        "carrier_name": record.carrier_name,
        "type": record.line_type,
        "error_code": None,
    }


def _reassigned(number: str, record: NumberRecord, last_verified: date) -> dict[str, Any]:
    is_covered = number.startswith("+1")
    return {
        "last_verified_date": f"{last_verified:%Y%m%d}",
        "is_number_reassigned": record.is_reassigned_since(last_verified) if is_covered else None,
        "error_code": None if is_covered else str(NO_COVERAGE),
    }


def _day(text: str, *, is_needed: bool) -> date | None:
    """``LastVerifiedDate`` as ``YYYYMMDD``."""
    if not text and not is_needed:
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise refusals.bad_request(BAD_DATE, f"Invalid LastVerifiedDate: {text or 'missing'}") from error


def _read(text: str, region: str) -> str:
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise refusals.not_found(f"/v2/PhoneNumbers/{re.sub('[^0-9+]', '', text)}") from error
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
