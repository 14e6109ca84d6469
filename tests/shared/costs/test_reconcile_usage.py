"""Our sums against the carrier's."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from shared.adapters.memory import MemoryAlertRepository, MemoryCarrierBooks
from shared.costs import Component
from shared.costs.carrier_usage import CarrierUsage
from shared.costs.reconcile_usage import Billed, BookedUsage, CallGap, UsageCheck, reconcile_usage
from shared.kernel.money import ZERO, Money

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
VOICE = Component.CARRIER_VOICE, "twilio"
STREAM = Component.MEDIA_STREAM, "twilio"


class Book:
    """``UsageBook`` of what it was given."""

    def __init__(self, calls: dict[str, Money], *, stream: Money = ZERO) -> None:
        self.calls, self.stream = calls, stream
        self.kept: list[UsageCheck] = []

    def booked(self, day: date) -> Sequence[BookedUsage]:
        found = [BookedUsage(billed=VOICE, count=len(self.calls), amount=sum(self.calls.values(), ZERO))]
        return [*found, BookedUsage(billed=STREAM, count=1, amount=self.stream)] if self.stream else found

    def booked_calls(self, day: date, billed: Billed, *, limit: int) -> Sequence[tuple[str, Money]]:
        return list(self.calls.items())[:limit]

    def keep(self, checks: Sequence[UsageCheck]) -> None:
        self.kept.extend(checks)

    def checks(self, since: date) -> Sequence[UsageCheck]:
        return self.kept


def used(category: str, dollars: str, *, day: date = DAY, count: int = 1) -> CarrierUsage:
    return CarrierUsage(category=category, day=day, count=count, quantity=Decimal(1), price=Money.usd(dollars))


def compared(
    book: Book, *records: CarrierUsage, **prices: Money | None
) -> tuple[list[UsageCheck], MemoryAlertRepository]:
    carrier, alerts = MemoryCarrierBooks(), MemoryAlertRepository()
    carrier.records, carrier.prices = list(records), dict(prices)
    checks = reconcile_usage(DAY, book=book, carrier=carrier, alerts=alerts, now=NOW)
    assert book.kept == list(checks)
    return list(checks), alerts


def test_sums_that_agree_raise_nothing() -> None:
    book = Book({"CA1": Money.usd("0.028"), "CA2": Money.usd("0.014")}, stream=Money.usd("0.0088"))
    [voice, stream], alerts = compared(
        book, used("calls-outbound", "0.042", count=2), used("calls-media-stream-minutes", "0.0088")
    )

    assert (voice.our_count, voice.their_count, voice.holds, voice.gaps) == (2, 2, True, ())
    assert stream.holds
    assert alerts.unsent() == []


@pytest.mark.parametrize(("theirs", "holds"), [("1.005", True), ("0.9951", True), ("1.006", False), ("0.9949", False)])
def test_half_a_percent_is_tolerated(theirs: str, holds: bool) -> None:
    [check], alerts = compared(Book({"CA1": Money.usd("1")}), used("calls-outbound", theirs), CA1=Money.usd("1"))

    assert check.holds == holds
    assert bool(alerts.unsent()) == (not holds)


def test_a_gap_is_explained_call_by_call() -> None:
    book = Book(
        {"CA1": Money.usd("0.028"), "CA2": Money.usd("0.014"), "CA3": Money.usd("0.014"), "CA4": Money.usd("0.014")}
    )
    [check], alerts = compared(
        book, used("calls-outbound", "0.06"), CA1=Money.usd("0.042"), CA2=Money.usd("0.014"), CA3=None
    )

    assert check.gaps == (
        CallGap(sid="CA1", ours=Money.usd("0.028"), theirs=Money.usd("0.042")),
        CallGap(sid="CA3", ours=Money.usd("0.014"), theirs=None),
        CallGap(sid="CA4", ours=Money.usd("0.014"), theirs=ZERO),
    )
    [alert] = alerts.unsent()
    assert alert.key == "usage:2026-11-22:calls-outbound"


def test_what_only_one_side_has_does_not_agree() -> None:
    [voice, inbound], _ = compared(Book({"CA1": Money.usd("1")}), used("calls-inbound", "0.0085"), CA1=Money.usd("1"))

    assert (voice.theirs, voice.share, voice.holds) == (ZERO, Decimal(1), False)
    assert (inbound.ours, inbound.holds) == (ZERO, False)


def test_sums_of_sums_and_other_days_are_left_out() -> None:
    checks, _ = compared(
        Book({"CA1": Money.usd("1")}),
        used("calls-outbound", "1"),
        used("calls", "1"),
        used("totalprice", "9"),
        used("calls-inbound", "5", day=date(2026, 11, 21)),
    )

    assert [check.category for check in checks] == ["calls-outbound"]
