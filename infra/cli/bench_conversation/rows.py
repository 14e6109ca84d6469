"""Rows of this suite: figures that may not be passed, shares that must be reached."""

from collections.abc import Callable

from infra.cli.rows import Row

Note = Callable[[str], None]
"""Takes one line about something that went wrong, for whoever looks for the cause."""


def at_most(name: str, value: float, unit: str, bar: float) -> Row:
    """A figure that may be ``bar`` at most."""
    return Row(name=name, value=round(value, 3), unit=unit, bar=bar, holds=value <= bar)


def at_least(name: str, value: float, unit: str, bar: float) -> Row:
    """A figure that must be ``bar`` or more."""
    return Row(name=name, value=round(value, 3), unit=unit, bar=bar, holds=value >= bar)


def share(name: str, met: int, of: int, least: float) -> Row:
    """How many percent of so many; nothing of nothing does not hold."""
    percent = 100 * met / of if of else 0.0
    return Row(name=name, value=round(percent, 2), unit="%", bar=100 * least, holds=of > 0 and met >= least * of)
