"""Is the longest possible call paid for?"""

from datetime import datetime, timedelta

from shared.calls.known import Moment, PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.rule import Rule

BUDGET = Rule("money.budget", "decision: the worst case is reserved before the dial")
LOOK_AGAIN = timedelta(minutes=15)


def is_affordable(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether the worst case is held already, or every budget has room for it.

    What a ringing call may cost was fixed with its time limit; a new price does not concern it.
    """
    if facts.worst_case is None or not facts.budgets:
        return BUDGET.unknown("the budget or the price of a call is unknown")
    tightest = min(facts.budgets, key=lambda budget: budget.headroom)
    evidence = {
        "worst_case": facts.worst_case.micro_usd,
        "headroom": tightest.headroom.micro_usd,
        "tightest": tightest.name,
    }
    if facts.reserved is not None:
        evidence |= {"reserved": facts.reserved.micro_usd}
        if facts.moment is Moment.ANSWER or facts.reserved >= facts.worst_case:
            return BUDGET.allow("the longest call is paid for", **evidence)
        return BUDGET.deny("the call could outlive the money that is held for it", **evidence)
    if tightest.headroom >= facts.worst_case:
        return BUDGET.allow("every budget has room for the longest call", **evidence)
    return BUDGET.defer("the budget has no room for another call", until=now + LOOK_AGAIN, **evidence)
