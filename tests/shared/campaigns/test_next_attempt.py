"""The cadence: each retry in another part of the person's day, at an hour that suits, never too soon."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.campaigns.cadence import Cadence, PartOfDay
from shared.campaigns.calling_hours import calling_hours
from shared.campaigns.next_attempt import allowed_from, next_attempt_at
from shared.campaigns.openings import hours_in_week
from shared.kernel.ids import LeadId, SellerId
from shared.kernel.week import DayHours, Week
from shared.leads import Lead

PLACES = (
    ("America/Chicago", "TX", "+15125550142"),
    ("America/New_York", "FL", "+13055550142"),
    ("America/Los_Angeles", "WA", "+12065550142"),
    ("America/Phoenix", "AZ", "+16025550142"),
    ("Pacific/Honolulu", "HI", "+18085550142"),
)
ALL_DAY: Week = tuple(DayHours(weekday=day, opens=time(9), closes=time(20)) for day in range(7))
NO_ANSWER = "no_answer"
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def make_lead(place: tuple[str, str, str] = PLACES[0], *, hours: Week = ()) -> Lead:
    zone, state, phone = place
    return Lead(
        id=LeadId("ada"),
        seller_id=SellerId("harbor"),
        phone=phone,
        first_name="Ada",
        timezone=zone,
        state=state,
        attempts=1,
        hours=hours,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def part_of(moment: datetime, lead: Lead) -> PartOfDay:
    assert lead.timezone is not None
    return PartOfDay.at(moment.astimezone(ZoneInfo(lead.timezone)).time())


@settings(max_examples=60)
@given(
    st.sampled_from(PLACES),
    st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes)),
    st.sampled_from(((), ALL_DAY)),
    st.sampled_from(("no_answer", "voicemail")),
)
def test_successive_tries_land_in_different_parts_within_the_hours_and_never_too_soon(
    place: tuple[str, str, str], moment: datetime, hours: Week, outcome: str
) -> None:
    lead, cadence = make_lead(place), Cadence(max_attempts=20)
    law = calling_hours()
    first = allowed_from(lead, moment, hours=hours)
    tried = [first]
    for _ in range(5):
        following = next_attempt_at(
            lead, outcome, cadence=cadence, hours=hours, tried=tried, now=tried[-1] + timedelta(seconds=40)
        )
        assert following is not None
        assert following >= tried[-1] + cadence.delays[outcome]
        assert law.allows(following, [place[0]], [place[1]])
        local = following.astimezone(ZoneInfo(place[0]))
        wanted = hours_in_week(hours)
        assert wanted is None or any(each.opens <= local.time() < each.closes for each in wanted(local.date()))
        assert part_of(following, lead) is not part_of(tried[-1], lead)
        tried.append(following)
    assert len({part_of(each, lead) for each in tried[:4]}) == 4


def test_a_busy_line_is_tried_again_soon_whatever_the_part_of_the_day() -> None:
    noon = datetime(2026, 3, 10, 17, tzinfo=UTC)

    assert next_attempt_at(make_lead(), "busy", cadence=Cadence(), tried=[noon], now=noon) == noon + timedelta(
        minutes=30
    )


def test_hours_that_leave_one_part_are_kept_to() -> None:
    mornings = tuple(DayHours(weekday=day, opens=time(9), closes=time(10)) for day in range(7))
    nine = datetime(2026, 3, 10, 14, tzinfo=UTC)
    again = next_attempt_at(make_lead(), NO_ANSWER, cadence=Cadence(), hours=mornings, tried=[nine], now=nine)

    assert again == nine + timedelta(days=1)


def test_the_leads_own_hours_count_too() -> None:
    saturdays = (DayHours(weekday=5, opens=time(10), closes=time(17)),)
    tuesday = datetime(2026, 3, 10, 17, tzinfo=UTC)
    again = next_attempt_at(make_lead(hours=saturdays), "busy", cadence=Cadence(), now=tuesday)

    assert again == datetime(2026, 3, 14, 15, tzinfo=UTC)


def test_a_promised_moment_stands_where_the_rules_allow_it() -> None:
    evening, midnight = datetime(2026, 3, 11, 0, 30, tzinfo=UTC), datetime(2026, 3, 11, 5, tzinfo=UTC)

    assert allowed_from(make_lead(), evening) == evening
    assert allowed_from(make_lead(), midnight) == datetime(2026, 3, 11, 14, tzinfo=UTC)
