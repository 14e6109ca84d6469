"""Usage records: what the account used, by day and category, as the carrier bills it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.simulator.carrier import refusals
from infra.simulator.carrier.call import Call
from infra.simulator.carrier.exchange import Exchange
from infra.simulator.carrier.listing import page_of
from infra.simulator.carrier.resources import VERSION, account_path
from infra.simulator.carrier.rest import Desk

MICRO = Decimal(1_000_000)
DESCRIPTIONS = {
    "calls": "Voice Minutes",
    "calls-outbound": "Outbound Voice Minutes",
    "calls-inbound": "Inbound Voice Minutes",
    "calls-media-stream-minutes": "Media Stream Minutes",
    "answering-machine-detection": "Answering Machine Detection",
    "lookups": "Lookups",
    "totalprice": "Total Price",
}


@dataclass(frozen=True, kw_only=True)
class Used:
    """So much of one category on one day (UTC). Amounts are micro-dollars; ``quantity`` is in ``unit``."""

    day: date
    category: str
    count: int
    quantity: int
    unit: str
    price_micro_usd: int

    @property
    def sid(self) -> str:
        """What a list goes on from."""
        return f"{self.day}{self.category}"


def usage_routes(desk: Desk) -> list[Route]:
    """Usage by day, and over all the days asked for."""

    async def daily(request: Request) -> Response:
        records = sorted(_asked(request, desk.exchange), key=lambda used: (used.day, used.category), reverse=True)
        return _page(request, desk, records, lambda used: (used.day, used.day))

    async def in_all(request: Request) -> Response:
        records = list(_asked(request, desk.exchange))
        days = [used.day for used in records] or [desk.exchange.clock.now().date()]
        first = _date(request, "StartDate") or min(days)
        last = _date(request, "EndDate") or max(days)
        return _page(request, desk, list(_summed(records, day=last)), lambda _used: (first, last))

    return [
        desk.route("/Usage/Records/Daily.json", "GET", daily),
        desk.route("/Usage/Records.json", "GET", in_all),
    ]


def used_by(exchange: Exchange) -> list[Used]:
    """Everything that is billed, one record per day and category, with the sums over categories."""
    single = [used for call in exchange.calls.values() if call.is_over for used in _of_call(call, exchange)]
    single += [
        Used(day=day, category="lookups", count=1, quantity=1, unit="lookups", price_micro_usd=price)
        for day, price in exchange.lookups
    ]
    return [used for day in sorted({each.day for each in single}) for used in _day(single, day)]


def _day(single: Iterable[Used], day: date) -> Iterator[Used]:
    today = list(_summed([each for each in single if each.day == day], day=day))
    yield from today
    calls = [each for each in today if each.category in ("calls-outbound", "calls-inbound")]
    yield _sum(calls, day=day, category="calls", unit="minutes")
    price = sum(each.price_micro_usd for each in today)
    yield Used(day=day, category="totalprice", count=0, quantity=0, unit="usd", price_micro_usd=price)


def _of_call(call: Call, exchange: Exchange) -> Iterator[Used]:
    account = exchange.account
    day = (call.ended_at or call.updated_at).date()
    if not call.was_answered:
        return
    minutes = -(-call.talked_seconds // 60)
    category = "calls-inbound" if call.direction == "inbound" else "calls-outbound"
    price = call.price_micro_usd or 0
    yield Used(day=day, category=category, count=1, quantity=minutes, unit="minutes", price_micro_usd=price)
    for seconds in call.streamed_seconds:
        begun = max(1, -(-round(seconds) // 60))
        yield Used(
            day=day,
            category="calls-media-stream-minutes",
            count=1,
            quantity=begun,
            unit="minutes",
            price_micro_usd=begun * account.stream_price_micro_usd,
        )
    if call.order.detection:
        yield Used(
            day=day,
            category="answering-machine-detection",
            count=1,
            quantity=1,
            unit="calls",
            price_micro_usd=account.detection_price_micro_usd,
        )


def _summed(records: Iterable[Used], *, day: date) -> Iterator[Used]:
    """One record per category."""
    by_category: dict[str, list[Used]] = {}
    for used in records:
        by_category.setdefault(used.category, []).append(used)
    for category, each in sorted(by_category.items()):
        yield _sum(each, day=day, category=category, unit=each[0].unit)


def _sum(records: list[Used], *, day: date, category: str, unit: str) -> Used:
    return Used(
        day=day,
        category=category,
        count=sum(each.count for each in records),
        quantity=sum(each.quantity for each in records),
        unit=unit,
        price_micro_usd=sum(each.price_micro_usd for each in records),
    )


def _asked(request: Request, exchange: Exchange) -> Iterator[Used]:
    category, first, last = (
        request.query_params.get("Category", ""),
        _date(request, "StartDate"),
        _date(request, "EndDate"),
    )
    for used in used_by(exchange):
        if category in ("", used.category) and (first is None or used.day >= first) and (not last or used.day <= last):
            yield used


def _date(request: Request, name: str) -> date | None:
    text = request.query_params.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise refusals.bad_request(20001, f"Invalid {name}: {text}") from error


def _page(request: Request, desk: Desk, records: list[Used], days: Any) -> Response:
    account, now = desk.exchange.account, desk.exchange.clock.now()

    def shown(used: Used) -> dict[str, Any]:
        first, last = days(used)
        path = f"{account_path(account.sid)}/Usage/Records"
        return {
            "account_sid": account.sid,
            "api_version": VERSION,
            "as_of": now.isoformat(timespec="seconds"),
            "category": used.category,
            "count": str(used.count),
            "count_unit": "calls" if used.unit == "minutes" else used.unit,
            "description": DESCRIPTIONS[used.category],
            "start_date": first.isoformat(),
            "end_date": last.isoformat(),
            "price": float(Decimal(used.price_micro_usd) / MICRO),
            "price_unit": "usd",
            "usage": str(used.quantity),
            "usage_unit": used.unit,
            "subresource_uris": {"daily": f"{path}/Daily.json?Category={used.category}"},
            "uri": f"{path}.json?Category={used.category}&StartDate={first}&EndDate={last}",
        }

    query = dict(request.query_params)
    return JSONResponse(page_of(records, query, path=request.url.path, key="usage_records", show=shown))
