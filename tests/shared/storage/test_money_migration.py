"""Money that was held before the ledger knew of holds: nothing is lost on the way there and back."""

from shared.kernel.money import ZERO, Money
from shared.storage import migrate
from shared.storage.engine import make_engine
from tests.contracts.backends import sql_backend
from tests.contracts.nouns import (
    BUDGET_ID,
    NOON,
    make_attempt,
    make_campaign,
    make_line,
    make_permission,
    make_reservation,
)


def test_what_is_held_and_spent_stays_so(database_url: str) -> None:
    engine = make_engine(database_url)
    backend = sql_backend(engine).furnish()
    settled = backend.plan()
    backend.settle(settled, make_line("0.25"))
    lead = backend.add_lead(phone="+13125550143")
    held = make_attempt(lead)
    ids = tuple(budget.id for budget in backend.costs.budgets_for(make_campaign(), NOON))
    backend.calls.plan(held, lead, make_permission(), make_reservation(held, budget_ids=ids))

    migrate.downgrade(database_url, "0015")
    migrate.upgrade(database_url)
    engine.dispose()

    purse = backend.costs.budget(BUDGET_ID)
    assert (purse.pending, purse.posted) == (Money.usd("1"), Money.usd("0.25"))
    assert backend.costs.reservation(held.id).budget_ids == (BUDGET_ID,)
    assert backend.costs.ledger_imbalance() == ZERO
    assert backend.settle(held, make_line("0.10"))
    assert not backend.settle(settled, make_line("0.25"))
    assert backend.costs.budget(BUDGET_ID).posted == Money.usd("0.35")
    assert backend.costs.ledger_imbalance() == ZERO
    engine.dispose()
