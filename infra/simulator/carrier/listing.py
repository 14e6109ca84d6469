"""Lists as the REST interface pages and filters them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from infra.simulator.carrier.call import Call
from infra.simulator.carrier.refusals import bad_request

DEFAULT_PAGE_SIZE = 50
LARGEST_PAGE = 1000


class HasSid(Protocol):
    """A resource with an identifier."""

    @property
    def sid(self) -> str:
        """The identifier."""
        ...


Listed = TypeVar("Listed", bound=HasSid)


def selected_calls(calls: Iterable[Call], query: Mapping[str, str]) -> list[Call]:
    """The calls a list request asks for, newest first. A call still queued has no start time to match."""
    wanted = [call for call in calls if _has_fields(call, query)]
    for name, edge in (("StartTime", "started_at"), ("EndTime", "ended_at")):
        for sign in ("", "<", ">"):
            if text := query.get(name + sign):
                fits = _moments(name + sign, text, sign)
                wanted = [call for call in wanted if (at := getattr(call, edge)) is not None and fits(at)]
    return wanted[::-1]


def _has_fields(call: Call, query: Mapping[str, str]) -> bool:
    shown = {
        "To": call.order.to,
        "From": call.order.from_number,
        "Status": call.status,
        "ParentCallSid": call.parent_sid,
    }
    return all(value == query[name] for name, value in shown.items() if query.get(name))


def _moments(name: str, text: str, sign: str) -> Callable[[datetime], bool]:
    """The test of one time filter: a whole UTC day, or one second; both ends belong to ``<`` and ``>``."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            first = datetime.combine(date.fromisoformat(text), time(), UTC)
            last = first + timedelta(days=1, microseconds=-1)
        else:
            given = datetime.fromisoformat(text)
            first = (given if given.tzinfo else given.replace(tzinfo=UTC)).replace(microsecond=0)
            last = first + timedelta(seconds=1, microseconds=-1)
    except ValueError as error:
        raise bad_request(20001, f"Invalid {name}: {text}") from error
    if not sign:
        # As published, a start time selects the day it lies on.
        day = first.astimezone(UTC).date()
        return lambda at: at.astimezone(UTC).date() == day
    return (lambda at: at <= last) if sign == "<" else (lambda at: at >= first)


def page_of(
    items: Sequence[Listed], query: Mapping[str, str], *, path: str, key: str, show: Callable[[Listed], Any]
) -> dict[str, Any]:
    """One page of ``items`` in the published form.

    A page after the first begins behind the item its token names, so that items which arrived meanwhile
    neither repeat nor hide any.
    """
    size = _whole("PageSize", query.get("PageSize", ""), DEFAULT_PAGE_SIZE)
    if not 1 <= size <= LARGEST_PAGE:
        raise bad_request(20001, f"PageSize must be from 1 to {LARGEST_PAGE}")
    page = _whole("Page", query.get("Page", ""), 0)
    start = page * size
    if token := query.get("PageToken", ""):
        sids = [item.sid for item in items]
        if token[2:] not in sids:
            raise bad_request(20001, "Invalid PageToken")
        start = sids.index(token[2:]) + 1
    shown = items[start : start + size]
    filters = {k: v for k, v in query.items() if k not in ("PageSize", "Page", "PageToken")}

    def address(number: int, after: str = "") -> str:
        values = filters | {"PageSize": str(size), "Page": str(number)}
        return f"{path}?{urlencode(values | ({'PageToken': after} if after else {}))}"

    has_more = start + size < len(items)
    return {
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + max(0, len(shown) - 1),
        "uri": address(page, token),
        "first_page_uri": address(0),
        "next_page_uri": address(page + 1, f"PA{shown[-1].sid}") if has_more and shown else None,
        "previous_page_uri": address(page - 1) if page else None,
        key: [show(item) for item in shown],
    }


def _whole(name: str, text: str, default: int) -> int:
    if text and not text.isdecimal():
        raise bad_request(20001, f"Invalid {name}: {text}")
    return int(text) if text else default
