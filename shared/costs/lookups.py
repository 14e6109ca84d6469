"""Look-ups of numbers: all who wait for an answer share it, so the installation pays, and its limits bound them."""

from datetime import datetime
from decimal import Decimal

from shared.costs.budget import Scope
from shared.costs.ports import CostRepository
from shared.costs.price_table import PriceTable
from shared.costs.pricing import CARRIER, price
from shared.costs.usage import Charge, Component, CostLine, Unit, Usage
from shared.kernel.errors import Refused
from shared.kernel.ids import new_id
from shared.kernel.money import ZERO, Money


class NoMoneyToAsk(Refused):
    """A limit of the installation leaves no room for the look-up."""


def check_room(costs: CostRepository, prices: PriceTable, *, now: datetime) -> None:
    """Let nobody ask beyond a limit of the installation; look-ups at the same time may pass it by a few cents.

    Raises:
        NoMoneyToAsk: There is no room for a look-up.
        NoPrice: The price table does not know what it costs.
    """
    dearest = _amount(_answers(prices, now, with_history=True))
    for budget in costs.budgets_of(now):
        if budget.scope is Scope.INSTALLATION and budget.headroom < dearest:
            raise NoMoneyToAsk(f"the budget {budget.name} has no room for a look-up")


def book_look_up(costs: CostRepository, prices: PriceTable, *, with_history: bool, now: datetime) -> None:
    """Book one look-up that was answered: the kind of line, ``with_history`` whether it changed hands, too.

    Raises:
        NoPrice: The price table does not know what it costs.
    """
    costs.book_charge(Charge(id=new_id(), at=now, lines=_answers(prices, now, with_history=with_history)))


def _answers(prices: PriceTable, now: datetime, *, with_history: bool) -> tuple[CostLine, ...]:
    units = (Unit.LINE_ANSWER, Unit.HISTORY_ANSWER) if with_history else (Unit.LINE_ANSWER,)
    usages = [
        Usage(component=Component.NUMBER_LOOKUP, vendor=CARRIER, quantity=Decimal(1), unit=unit) for unit in units
    ]
    return price(usages, prices, on=now.date())


def _amount(lines: tuple[CostLine, ...]) -> Money:
    return sum((line.amount for line in lines), ZERO)
