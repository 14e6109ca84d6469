"""Asking the carrier for its price until it has one."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.memory import MemoryAlertRepository, MemoryCarrierBooks, MemoryCostRepository, MemoryStore
from shared.adapters.memory.costs import reserve
from shared.costs import Budget, Reservation
from shared.costs.price_table import price_table
from shared.costs.settle import CallBooks, CallCharges, settle_call
from shared.costs.true_up import DELAYS, TrueUp, TrueUpOrder, question, true_up
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId, BudgetId, SellerId
from shared.kernel.money import ZERO, Money

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
CALL, PURSE = AttemptId("call"), BudgetId("purse")


class Call:
    """One call that was held for and, if wanted, settled for two minutes."""

    def __init__(self, *, is_settled: bool = True) -> None:
        self.store = MemoryStore()
        self.costs = MemoryCostRepository(self.store)
        self.carrier = MemoryCarrierBooks()
        self.store.budgets[PURSE] = Budget(id=PURSE, seller_id=SellerId("harbor"), limit=Money.usd("10"))
        reserve(self.store, Reservation(attempt_id=CALL, budget_ids=(PURSE,), amount=Money.usd("0.2"), made_at=NOW))
        if is_settled:
            charges = CallCharges(was_placed=True, was_answered=True, was_streamed=False, duration_seconds=90)
            books = CallBooks(costs=self.costs, alerts=MemoryAlertRepository(self.store))
            settle_call(CALL, charges=charges, books=books, prices=price_table(), now=NOW)

    def ask(self, round: int = 0) -> TrueUp:
        order = TrueUpOrder(attempt_id=CALL, sid="CA1", round=round)
        return true_up(order, costs=self.costs, carrier=self.carrier, now=NOW)

    @property
    def posted(self) -> Money:
        return self.costs.budget(PURSE).posted


def test_the_difference_is_booked_under_the_call_and_its_price() -> None:
    call = Call()
    estimate = call.posted
    call.carrier.prices["CA1"] = Money.usd("0.0300")

    assert call.ask() is TrueUp.BOOKED
    assert call.posted - estimate == Money.usd("0.0020")  # two minutes were reckoned at 0.0140
    assert "trueup:CA1:3" in call.store.transactions
    assert call.ask() is TrueUp.AS_BOOKED
    assert call.costs.ledger_imbalance() == ZERO


def test_a_cheaper_price_gives_money_back() -> None:
    call = Call()
    estimate = call.posted
    call.carrier.prices["CA1"] = Money.usd("0.0100")

    call.ask()
    assert estimate - call.posted == Money.usd("0.0180")


def test_a_price_that_is_missing_is_asked_for_again_and_at_last_no_more() -> None:
    call = Call()
    call.carrier.prices["CA1"] = None

    for round in range(len(DELAYS) - 1):
        assert call.ask(round) is TrueUp.ASKED_AGAIN_LATER
    assert call.ask(len(DELAYS) - 1) is TrueUp.NEVER_PRICED
    rounds = [waiting.message.body["round"] for waiting in call.store.messages]
    assert rounds == [1, 2, 3]


def test_every_question_comes_at_its_time_after_the_settlement() -> None:
    asked = NOW
    for round, delay in enumerate(DELAYS):
        [message] = question(CALL, round=round, now=asked)
        assert message.available_at is not None
        asked = message.available_at
        assert asked - NOW == delay
    assert question(CALL, round=len(DELAYS), now=asked) == ()
    assert question(CALL, round=0, now=NOW, delays=()) == ()


def test_a_call_that_is_not_settled_is_not_trued_up() -> None:
    call = Call(is_settled=False)
    call.carrier.prices["CA1"] = Money.usd("0.0300")

    assert call.ask() is TrueUp.NOT_SETTLED
    assert call.posted == ZERO


def test_a_call_that_the_carrier_does_not_know_is_said_so() -> None:
    with pytest.raises(NotFound):
        Call().ask()


def test_a_price_that_came_before_a_late_report_stands() -> None:
    call = Call()
    call.carrier.prices["CA1"] = Money.usd("0.0300")
    call.ask()
    charges = CallCharges(was_placed=True, was_answered=True, was_streamed=True, duration_seconds=600)
    books = CallBooks(costs=call.costs, alerts=MemoryAlertRepository(call.store))
    settle_call(CALL, charges=charges, books=books, prices=price_table(), now=NOW + timedelta(hours=1))

    voice = [line.amount for line in call.costs.lines(CALL) if line.component == "carrier_voice"]
    assert sum(voice, ZERO) == Money.usd("0.0300")
    assert call.costs.ledger_imbalance() == ZERO
