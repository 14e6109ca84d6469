"""What usage costs: priced line by line, with the worst case before a call and the reference call beside it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from shared.costs.price_table import NoPrice, PriceTable
from shared.costs.usage import Component, CostLine, Unit, Usage
from shared.kernel.money import ZERO, Money

CARRIER = "twilio"
CARRIER_INBOUND = "twilio_inbound"
PREMIUM_VOICE = "elevenlabs_flash"
SPOKEN_CHARACTERS_PER_MINUTE = 900
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
REFERENCE_MINUTES = Decimal("2.5")
REFERENCE_CHARACTERS = 1010
UPGRADED_SHARE = Decimal("0.25") * Decimal("0.5")  # a quarter of the calls, for half of each


class Tier(StrEnum):
    """Which voice speaks: the node's own, the premium one once a lead is qualified, or the premium one throughout."""

    LOCAL = "local"
    PREMIUM = "premium"
    PREMIUM_WHOLE_CALL = "premium_whole_call"


SPEAKING_TIERS = (Tier.LOCAL,)
"""Those that a campaign may use."""
PUBLISHED = {
    Tier.LOCAL: Money.usd("0.082"),
    Tier.PREMIUM: Money.usd("0.088"),
    Tier.PREMIUM_WHOLE_CALL: Money.usd("0.133"),
}


@dataclass(frozen=True, kw_only=True)
class ReferenceCall:
    """A connected call of 2.5 minutes by the price table, beside the figure of our price reference."""

    tier: Tier
    lines: tuple[CostLine, ...]
    published: Money

    @property
    def total(self) -> Money:
        """What the call costs."""
        return sum((line.amount for line in self.lines), ZERO)


def price(usages: Iterable[Usage], table: PriceTable, *, on: date) -> tuple[CostLine, ...]:
    """One cost line per usage, by the prices of the day ``on``.

    A line's quantity is what is paid for, in the unit of the price: whole minutes where they are billed so.

    Raises:
        NoPrice: The table has no price for one of them.
    """
    return tuple(_line(usage, table, on) for usage in usages)


def price_known(
    usages: Iterable[Usage], table: PriceTable, *, on: date
) -> tuple[tuple[CostLine, ...], tuple[Usage, ...]]:
    """The cost lines of what the table prices on the day ``on``, and the usages that it lacks."""
    lines, unpriced = [], []
    for usage in usages:
        try:
            lines.append(_line(usage, table, on))
        except NoPrice:
            unpriced.append(usage)
    return tuple(lines), tuple(unpriced)


def worst_case(
    time_limit: timedelta, table: PriceTable, tiers: Collection[Tier] = SPEAKING_TIERS, *, on: date
) -> Money:
    """What a call can cost at most when the carrier cuts it at ``time_limit``: the agent speaks throughout.

    It is the dearest of the ``tiers`` that the campaign may use that counts; today every voice runs on the node.
    The carrier and the node each count in their own way, so a limit of whole minutes may be billed a minute more.
    """
    minutes = Decimal(int(time_limit.total_seconds() // 60) + 1)
    return max(_cost_of_speaking(tier, minutes, table, on) for tier in tiers)


def reference_call(tier: Tier, table: PriceTable, *, on: date) -> ReferenceCall:
    """The reference call in a tier, line by line."""
    share = {Tier.LOCAL: Decimal(0), Tier.PREMIUM: UPGRADED_SHARE, Tier.PREMIUM_WHOLE_CALL: Decimal(1)}[tier]
    usages = _usages(REFERENCE_MINUTES, REFERENCE_CHARACTERS * share)
    return ReferenceCall(tier=tier, lines=price(usages, table, on=on), published=PUBLISHED[tier])


def _line(usage: Usage, table: PriceTable, on: date) -> CostLine:
    row, quantity = table.row_for(usage, on=on)
    return CostLine(
        component=usage.component,
        vendor=usage.vendor,
        quantity=row.quantity_billed(quantity),
        unit=row.unit,
        unit_price=row.unit_price,
        amount=row.amount(quantity),
        price_version=table.version,
    )


@lru_cache(maxsize=1_000)  # every round asks for the same few lengths of a call
def _cost_of_speaking(tier: Tier, minutes: Decimal, table: PriceTable, on: date) -> Money:
    characters = minutes * SPOKEN_CHARACTERS_PER_MINUTE if tier is not Tier.LOCAL else Decimal(0)
    return sum((line.amount for line in price(_usages(minutes, characters), table, on=on)), ZERO)


def _usages(minutes: Decimal, premium_characters: Decimal) -> list[Usage]:
    """What a streamed call of ``minutes`` uses."""
    usages = [
        Usage(component=Component.CARRIER_VOICE, vendor=CARRIER, quantity=minutes, unit=Unit.MINUTE),
        Usage(component=Component.MEDIA_STREAM, vendor=CARRIER, quantity=minutes, unit=Unit.MINUTE),
        Usage(component=Component.MACHINE_DETECTION, vendor=CARRIER, quantity=Decimal(1), unit=Unit.CALL),
        Usage(component=Component.COMPUTE, vendor="local", quantity=minutes, unit=Unit.MINUTE),
        Usage(component=Component.OVERHEAD, vendor="installation", quantity=Decimal(1), unit=Unit.CALL),
    ]
    if premium_characters:
        voice = Usage(
            component=Component.TEXT_TO_SPEECH, vendor=PREMIUM_VOICE, quantity=premium_characters, unit=Unit.CHARACTER
        )
        usages.append(voice)
    return usages
