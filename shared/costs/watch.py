"""Look at the money every minute: warn, hold back, and in an emergency let nobody be rung any more.

level      when                                                             what it does
warning    a limit is used (spent or held) to 80 %                          people are told
critical   a limit is used to 95 %, or a day's, week's or campaign's spent  people are told; no campaign that it bounds
           whole                                                            starts, those that run ring half as fast
emergency  a month's limit is spent or will be within the hour, or the      people are told; the stop switch is thrown:
           books are out of order                                           of the seller whose month it is, or of all

Limits of a day, a week or a campaign need no switch: no call is reserved beyond them, and the next period begins anew.
An alert is raised once per trouble, level and period: a switch that a person lifted is not thrown again for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from shared.costs.alert import Alert, AlertSink, Level
from shared.costs.budget import Budget, Period, Scope
from shared.costs.forecast import spent_between
from shared.costs.levels import Levels, used_share
from shared.costs.ports import AlertRepository, CostRepository
from shared.kernel.errors import Unavailable
from shared.kernel.ids import SellerId, new_id
from shared.kernel.money import Money

HOUR = timedelta(hours=1)
CHECKED = timedelta(days=1)
"""How far back the books are checked every minute."""


class Brake(Protocol):
    """Lets nobody be rung any more."""

    def __call__(self, seller_id: SellerId | None, reason: str, *, now: datetime) -> None:
        """Stop the calls of one seller, or all of them. Safe to repeat.

        Raises:
            Unavailable: It could not be done.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What watching needs."""

    costs: CostRepository
    alerts: AlertRepository
    sink: AlertSink
    brake: Brake
    levels: Levels = field(default_factory=Levels)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one look found, in numbers fit for a log line."""

    raised: int = 0
    stopped: int = 0
    sent: int = 0
    unsent: int = 0


def watch_money(*, watch: Watch, now: datetime) -> Seen:
    """One look: raise what is new, stop what has to be stopped, send what nobody was told of. Safe to repeat.

    The brake comes before the alert is kept, so that a crash in between stops once more rather than never.

    Raises:
        Unavailable: The books or the brake cannot be reached; the next look does the rest.
    """
    found = list(troubles(watch.costs, levels=watch.levels, now=now))
    known = watch.alerts.known([alert.key for alert in found])
    seen = Seen()
    for alert in found:
        if alert.key in known:
            continue
        if alert.level is Level.EMERGENCY:
            watch.brake(alert.seller_id, alert.reason, now=now)
            seen = replace(seen, stopped=seen.stopped + 1)
        if watch.alerts.add(alert):
            seen = replace(seen, raised=seen.raised + 1)
    return _send(watch, seen, now)


def troubles(costs: CostRepository, *, levels: Levels, now: datetime) -> Iterator[Alert]:
    """Everything that is wrong with the money now, told of before or not."""
    gap = costs.ledger_imbalance(since=now - CHECKED)
    if gap:
        reason = f"the books are out of order by {gap}"
        yield _alert(f"imbalance:{now.date()}", Level.EMERGENCY, "imbalance", reason, now, gap_micro_usd=gap.micro_usd)
    budgets = [budget for budget in costs.budgets_of(now) if budget.is_limited]
    burn = _burn(costs, budgets, now)
    for budget in budgets:
        level = levels.of(budget)
        if level is not None:
            yield _used_up(budget, level, now)
        if level is not Level.EMERGENCY and _empties_within_the_hour(budget, burn[budget.seller_id], levels):
            yield _burning(budget, burn[budget.seller_id], now)


def _used_up(budget: Budget, level: Level, now: datetime) -> Alert:
    is_spent = level is Level.EMERGENCY
    if is_spent and budget.period is not Period.MONTH:
        level = Level.CRITICAL
    share = "spent" if is_spent else f"used to {used_share(budget):.0%}"
    reason = f"the {budget.name} limit of {budget.limit} is {share}"
    key = f"limit:{budget.id}:{'spent' if is_spent else level.value}"
    return _alert(key, level, "limit", reason, now, seller_id=budget.seller_id, **_figures(budget))


def _burning(budget: Budget, burn: Money, now: datetime) -> Alert:
    reason = f"the rest of the {budget.name} limit, {budget.headroom}, will be gone within the hour at {burn} an hour"
    key = f"burn:{budget.id}:{now.date()}"
    figures = _figures(budget) | {"burn_per_hour_micro_usd": burn.micro_usd}
    return _alert(key, Level.EMERGENCY, "burn", reason, now, seller_id=budget.seller_id, **figures)


def _empties_within_the_hour(budget: Budget, burn: Money, levels: Levels) -> bool:
    """Whether a month that is not near its end anyway is being emptied."""
    is_month = budget.period is Period.MONTH and budget.scope in (Scope.SELLER, Scope.INSTALLATION)
    return is_month and levels.of(budget) is not Level.CRITICAL and bool(burn) and budget.headroom <= burn


def _burn(costs: CostRepository, budgets: Sequence[Budget], now: datetime) -> dict[SellerId | None, Money]:
    """What the last hour cost, by the owner of the budgets."""
    owners = {budget.seller_id for budget in budgets}
    hour = now - HOUR
    return {
        owner: spent_between(costs.spent_by_hour(since=hour, seller_id=owner), hour, now, now=now) for owner in owners
    }


def _send(watch: Watch, seen: Seen, now: datetime) -> Seen:
    for alert in watch.alerts.unsent():
        try:
            watch.sink.send(alert)
        except Unavailable:
            seen = replace(seen, unsent=seen.unsent + 1)
            continue
        watch.alerts.mark_sent(alert.id, now=now)
        seen = replace(seen, sent=seen.sent + 1)
    return seen


def _figures(budget: Budget) -> dict[str, int | str]:
    return {
        "budget_id": budget.id,
        "limit_micro_usd": budget.limit.micro_usd,
        "posted_micro_usd": budget.posted.micro_usd,
        "pending_micro_usd": budget.pending.micro_usd,
    }


def _alert(
    key: str,
    level: Level,
    kind: str,
    reason: str,
    now: datetime,
    *,
    seller_id: SellerId | None = None,
    **evidence: int | str,
) -> Alert:
    return Alert(
        id=new_id(), key=key, level=level, kind=kind, at=now, reason=reason, seller_id=seller_id, evidence=evidence
    )
