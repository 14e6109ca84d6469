"""Whose clock a person's dates are read on."""

from datetime import time

from shared.appointments import Agent, WorkingHours
from shared.conversation.offer import clock_of_person
from shared.kernel.ids import AgentId, SellerId

AGENT = Agent(
    id=AgentId("grace"),
    seller_id=SellerId("harbor"),
    name="Grace",
    timezone="America/Denver",
    hours=(WorkingHours(weekday=0, opens=time(9), closes=time(17)),),
)
TOLL_FREE = "+18005550142"


def test_the_persons_own_zone_comes_first() -> None:
    assert clock_of_person("America/New_York", phone="+13125550142", agents=[AGENT]) == "America/New_York"


def test_then_that_of_the_number() -> None:
    assert clock_of_person(None, phone="+13125550142", agents=[AGENT]) == "America/Chicago"


def test_then_that_of_who_keeps_the_appointment() -> None:
    assert clock_of_person(None, phone=TOLL_FREE, agents=[AGENT]) == "America/Denver"
    assert clock_of_person(None, phone=TOLL_FREE, agents=[]) == "UTC"
