"""Settling a call: lines, ledger and budget agree, and it happens once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from shared.adapters.memory import MemoryAlertRepository, MemoryCostRepository, MemoryStore
from shared.adapters.memory.costs import reserve
from shared.costs import (
    Budget,
    Component,
    Entry,
    LedgerTransaction,
    Reservation,
    ReservationState,
    Unbalanced,
    Unit,
    Usage,
)
from shared.costs.booking import Account, settling
from shared.costs.price_table import price_table
from shared.costs.pricing import worst_case
from shared.costs.settle import CallBooks, CallCharges, settle_call
from shared.kernel.ids import AttemptId, BudgetId, SellerId
from shared.kernel.money import ZERO, Money
from shared.kernel.outbox import NewMessage

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
CALL, PURSE = AttemptId("call"), BudgetId("purse")
RESERVED = Money.usd("0.20")
ANSWERED = CallCharges(
    was_placed=True,
    was_answered=True,
    was_streamed=True,
    duration_seconds=150,
    usages=(
        Usage(component=Component.MEDIA_STREAM, vendor="twilio", quantity=Decimal("148.2"), unit=Unit.SECOND),
        Usage(component=Component.SPEECH_TO_TEXT, vendor="pocketsphinx", quantity=Decimal("148"), unit=Unit.SECOND),
        Usage(component=Component.TEXT_TO_SPEECH, vendor="espeak", quantity=Decimal(1010), unit=Unit.CHARACTER),
        Usage(component=Component.COMPUTE, vendor="local", quantity=Decimal(150), unit=Unit.SECOND),
    ),
)


def costs() -> MemoryCostRepository:
    store = MemoryStore()
    store.budgets[PURSE] = Budget(id=PURSE, seller_id=SellerId("harbor"), limit=Money.usd("10"))
    reserve(store, Reservation(attempt_id=CALL, budget_ids=(PURSE,), amount=RESERVED, made_at=NOW))
    return MemoryCostRepository(store)


def settle(kept: MemoryCostRepository, charges: CallCharges) -> bool:
    books = CallBooks(costs=kept, alerts=MemoryAlertRepository(kept._store))
    again = NewMessage(topic="true_up", body={"attempt_id": CALL})
    return settle_call(CALL, charges=charges, books=books, prices=price_table(), now=NOW, messages=[again])


def waiting(kept: MemoryCostRepository) -> list[str]:
    return [each.message.topic for each in kept._store.messages]


def spent(kept: MemoryCostRepository) -> Money:
    return sum((line.amount for line in kept.lines(CALL)), ZERO)


def test_the_reference_call_settles_for_its_price() -> None:
    kept = costs()

    assert settle(kept, ANSWERED)
    assert spent(kept) == kept.budget(PURSE).posted == Money.usd("0.0817")
    assert kept.budget(PURSE).pending == ZERO
    assert kept.ledger_imbalance() == ZERO


def test_a_second_settlement_changes_nothing() -> None:
    kept = costs()
    settle(kept, ANSWERED)

    assert not settle(kept, ANSWERED)
    assert kept.budget(PURSE).posted == Money.usd("0.0817")


def test_a_call_that_nobody_answered_costs_its_overhead() -> None:
    kept = costs()
    settle(kept, CallCharges(was_placed=True, was_answered=False, was_streamed=False))

    assert [line.component for line in kept.lines(CALL)] == [Component.OVERHEAD]


def test_a_call_that_the_carrier_never_took_costs_nothing() -> None:
    kept = costs()

    assert settle(kept, CallCharges(was_placed=False, was_answered=False, was_streamed=False))
    assert kept.reservation(CALL).state is ReservationState.VOID
    assert kept.lines(CALL) == ()


def test_a_streamed_call_without_counts_pays_for_its_whole_duration() -> None:
    kept = costs()
    settle(kept, CallCharges(was_placed=True, was_answered=True, was_streamed=True, duration_seconds=20))

    assert spent(kept) == Money.usd("0.014") + Money.usd("0.0044") + Money.usd("0.0075") + Money.usd("0.006")


def test_the_carriers_count_stands_against_the_reports() -> None:
    kept = costs()
    boast = Usage(component=Component.CARRIER_VOICE, vendor="twilio", quantity=Decimal(900), unit=Unit.SECOND)
    settle(kept, replace(ANSWERED, duration_seconds=5, usages=(boast,)))

    assert kept.lines(CALL)[0].quantity == 1


def test_what_has_no_price_is_told_of_and_holds_no_money() -> None:
    kept = costs()
    ears = Usage(component=Component.SPEECH_TO_TEXT, vendor="ears", quantity=Decimal(1), unit=Unit.MINUTE)
    charges = CallCharges(was_placed=True, was_answered=True, was_streamed=True, duration_seconds=20, usages=(ears,))

    assert settle(kept, charges)
    assert kept.reservation(CALL).state is ReservationState.SETTLED
    assert spent(kept) == Money.usd("0.014") + Money.usd("0.0044") + Money.usd("0.0075") + Money.usd("0.006")
    [alert] = MemoryAlertRepository(kept._store).unsent()
    assert alert.kind == "unpriced"
    assert alert.reason.startswith("the price table lacks speech_to_text by ears per minute")


def test_a_call_of_no_cost_has_a_balanced_transaction_that_frees_its_hold() -> None:
    kept = costs()
    booking = settling(Account(reservation=kept.reservation(CALL)), [], basis=1, now=NOW)

    assert booking is not None
    assert {entry.account for entry in booking.transaction.entries} == {"held/purse", "budget/purse"}


def test_entries_that_do_not_sum_to_zero_are_refused() -> None:
    with pytest.raises(Unbalanced):
        LedgerTransaction(id="t", ref="r", kind="k", at=NOW, entries=(Entry(account="a", amount=Money(1)),))


def test_an_inbound_call_pays_its_own_price_and_no_detection() -> None:
    kept = costs()
    settle(kept, replace(ANSWERED, is_inbound=True, duration_seconds=50, usages=()))

    voice = kept.lines(CALL)[0]
    assert (voice.vendor, voice.amount) == ("twilio_inbound", Money.usd("0.0085"))
    assert Component.MACHINE_DETECTION not in {line.component for line in kept.lines(CALL)}


def test_a_call_pays_the_prices_of_the_day_its_money_was_held() -> None:
    kept = costs()
    kept._store.reservations[CALL] = replace(kept.reservation(CALL), made_at=datetime(2026, 7, 31, 23, tzinfo=UTC))
    settle(kept, ANSWERED)

    stream = next(line for line in kept.lines(CALL) if line.component is Component.MEDIA_STREAM)
    assert stream.unit_price == Money.usd("0.004")


def test_a_call_that_cost_more_than_was_held_is_booked_and_told() -> None:
    kept = costs()
    kept._store.budgets[PURSE] = replace(kept.budget(PURSE), limit=RESERVED)

    assert settle(kept, replace(ANSWERED, duration_seconds=3000, usages=()))
    assert kept.budget(PURSE).overdrawn == spent(kept) - RESERVED > ZERO
    [alert] = kept._store.alerts.values()
    assert (alert.level, alert.evidence["attempt_id"]) == ("warning", CALL)
    assert not settle(kept, replace(ANSWERED, duration_seconds=3000, usages=()))
    assert len(kept._store.alerts) == 1


def test_the_carriers_price_is_asked_for_when_it_will_have_one() -> None:
    kept = costs()

    settle(kept, ANSWERED)
    settle(kept, ANSWERED)
    assert waiting(kept) == ["true_up"]


def test_nobody_asks_for_the_price_of_a_call_that_nobody_answered() -> None:
    kept = costs()
    settle(kept, CallCharges(was_placed=True, was_answered=False, was_streamed=False))

    assert waiting(kept) == []


def test_a_report_that_comes_after_the_settlement_books_the_difference() -> None:
    kept, early = costs(), replace(ANSWERED, usages=())
    settle(kept, early)
    spoken = Usage(
        component=Component.TEXT_TO_SPEECH, vendor="elevenlabs_flash", quantity=Decimal(500), unit=Unit.CHARACTER
    )
    late = replace(ANSWERED, usages=(*ANSWERED.usages, spoken))

    assert settle(kept, late)
    assert spent(kept) == kept.budget(PURSE).posted == Money.usd("0.0817") + Money.usd("0.025")
    assert not settle(kept, early)  # whoever still knows no report changes nothing
    assert not settle(kept, late)
    assert spent(kept) == Money.usd("0.1067")
    assert kept.ledger_imbalance() == ZERO


def test_a_call_that_rang_after_it_was_given_up_is_booked() -> None:
    kept = costs()
    settle(kept, CallCharges(was_placed=False, was_answered=False, was_streamed=False))

    assert settle(kept, replace(ANSWERED, was_streamed=False, duration_seconds=40, usages=()))
    assert spent(kept) == kept.budget(PURSE).posted == Money.usd("0.0255")  # a minute, detection, overhead
    assert kept.budget(PURSE).pending == ZERO
    assert kept.ledger_imbalance() == ZERO


@pytest.mark.parametrize("limit", [30, 59, 60, 290, 300, 3600])
def test_a_call_that_is_counted_a_second_longer_stays_within_what_was_held(limit: int) -> None:
    kept = costs()
    settle(kept, replace(ANSWERED, duration_seconds=limit + 1, usages=()))

    assert spent(kept) <= worst_case(timedelta(seconds=limit), price_table(), on=NOW.date())
