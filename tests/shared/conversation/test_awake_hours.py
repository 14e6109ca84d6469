"""Times are offered when the person is up, as long as there are any."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.conversation import CallBrief, OpenSlot
from shared.conversation.moves import Move
from shared.conversation.scheduling import offer
from shared.conversation.script import load_script
from shared.conversation.state import ConversationState
from shared.kernel.ids import AgentId, AttemptId, CampaignId, LeadId, SellerId

NOON_IN_THE_EAST = datetime(2026, 11, 23, 17, tzinfo=UTC)


def slot(hours: float) -> OpenSlot:
    starts = NOON_IN_THE_EAST + timedelta(hours=hours)
    return OpenSlot(agent_id=AgentId("a"), agent_name="Grace", starts_at=starts, ends_at=starts + timedelta(minutes=30))


def offering(*hours: float) -> Move:
    brief = CallBrief(
        attempt_id=AttemptId("1"), campaign_id=CampaignId("1"), seller_id=SellerId("1"), lead_id=LeadId("1"),
        seller_name="Lakeside", callback_number="+15125550100", agent_voice="en-us", script="seller_home_value",
        opening_text="", opening_audio=b"", first_name="Anna", last_name="", lead_kind="seller", subject="",
        source="", asked_at=None, timezone="America/Los_Angeles", phone="+15035550142",
        slots=tuple(slot(each) for each in hours), time_limit=timedelta(minutes=5),
    )  # fmt: skip
    script = load_script("seller_home_value")
    return offer(ConversationState(), brief=brief, script=script, now=NOON_IN_THE_EAST)


@pytest.mark.parametrize(("hours", "offered"), [((3, 21, 23.5), (3, 23.5)), ((21,), (21,))])
def test_six_in_the_morning_is_offered_only_when_there_is_nothing_else(
    hours: tuple[float, ...], offered: tuple[float, ...]
) -> None:
    starts = [each.starts_at for each in offering(*hours).state.offered]

    assert starts == [NOON_IN_THE_EAST + timedelta(hours=each) for each in offered]
