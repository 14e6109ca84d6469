"""Settling a call: lines, ledger and budget agree, and it happens once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from shared.adapters.memory import MemoryCostRepository, MemoryStore
from shared.costs import Budget, Component, Reservation, ReservationState, Unbalanced, Unit, Usage
from shared.costs.ledger import Entry, LedgerTransaction, settlement
from shared.costs.price_table import NoPrice, price_table
from shared.costs.pricing import worst_case
from shared.costs.settle import CallCharges, Overspent, settle_call
from shared.kernel.ids import AttemptId, BudgetId, SellerId
from shared.kernel.money import ZERO, Money

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
    budget = Budget(id=PURSE, seller_id=SellerId("harbor"), limit=Money.usd("10"), pending=RESERVED)
    store.budgets[PURSE] = budget
    store.reservations[CALL] = Reservation(attempt_id=CALL, budget_id=PURSE, amount=RESERVED, made_at=NOW)
    return MemoryCostRepository(store)


def settle(kept: MemoryCostRepository, charges: CallCharges) -> bool:
    return settle_call(CALL, charges=charges, costs=kept, prices=price_table(), now=NOW)


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


def test_what_has_no_price_settles_nothing() -> None:
    kept = costs()
    ears = Usage(component=Component.SPEECH_TO_TEXT, vendor="ears", quantity=Decimal(1), unit=Unit.MINUTE)

    with pytest.raises(NoPrice):
        settle(kept, CallCharges(was_placed=True, was_answered=True, was_streamed=True, usages=(ears,)))
    assert kept.reservation(CALL).state is ReservationState.HELD


def test_a_call_of_no_cost_has_a_balanced_transaction_without_entries() -> None:
    assert settlement(CALL, PURSE, [], NOW).entries == ()


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


def test_a_call_that_outspends_its_budget_waits_for_more_money() -> None:
    kept = costs()
    kept._store.budgets[PURSE] = replace(kept.budget(PURSE), limit=RESERVED)

    with pytest.raises(Overspent):
        settle(kept, replace(ANSWERED, duration_seconds=3000, usages=()))
    assert kept.reservation(CALL).state is ReservationState.HELD
    kept._store.budgets[PURSE] = replace(kept.budget(PURSE), limit=Money.usd("10"))
    assert settle(kept, replace(ANSWERED, duration_seconds=3000, usages=()))


@pytest.mark.parametrize("limit", [30, 59, 60, 290, 300, 3600])
def test_a_call_that_is_counted_a_second_longer_stays_within_what_was_held(limit: int) -> None:
    kept = costs()
    settle(kept, replace(ANSWERED, duration_seconds=limit + 1, usages=()))

    assert spent(kept) <= worst_case(timedelta(seconds=limit), price_table(), on=NOW.date())
