"""The demo finds a lawful moment from any date and hour."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.cli.demo.moment import demo_moment
from infra.simulator.people.persona import load_personas

PERSONAS = Path(__file__).parents[3] / "infra" / "simulator" / "personas"
EAST = ZoneInfo("America/New_York")
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(at=MOMENTS)
def test_the_moment_is_ahead_on_a_working_day(at: datetime) -> None:
    moment = demo_moment(at)

    assert at <= moment <= at + timedelta(days=6)
    assert moment.astimezone(EAST).weekday() < 5


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 22, 15, tzinfo=UTC),  # a Sunday
        datetime(2026, 12, 25, 15, tzinfo=UTC),
        datetime(2026, 11, 24, 8, tzinfo=UTC),
        datetime(2027, 3, 14, 7, 30, tzinfo=UTC),  # clocks go forward
        datetime(2026, 11, 1, 6, 30, tzinfo=UTC),  # clocks go back
    ],
)
def test_only_the_person_in_the_closed_zone_is_asleep(at: datetime) -> None:
    moment = demo_moment(at)
    early = {
        persona.name
        for persona in load_personas(PERSONAS)
        if not 9 <= moment.astimezone(ZoneInfo(persona.lead.timezone)).hour < 18
    }

    assert early == {"Keoni Kahale"}
