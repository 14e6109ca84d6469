"""Readiness: one thing wrong at a time is named, with what to do about it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.calls.invariants import Violation
from shared.calls.stops import StopScope, StopSwitch
from shared.campaigns.own_number import OwnNumber
from shared.costs.alert import Alert, Level
from shared.kernel.ids import CampaignId, SellerId
from shared.leads.registry import Registry, RegistryCopy
from shared.reports.readiness import AccountFacts, CarrierNumber, Grade, Installation, is_ready, readiness
from tests.shared.calls.world import NOON, SELLER, make_campaign

OURS = "+15125550000"
INBOUND = "https://calls.example.com/v1/twilio/inbound"
NUMBER = OwnNumber(phone=OURS, seller_id=SELLER.id, added_at=NOON, authorisation="letter of 2026-01-01")
AT_CARRIER = CarrierNumber(phone=OURS, has_voice=True, voice_url=INBOUND)
ACCOUNT = AccountFacts(status="active", kind="Full", numbers=(AT_CARRIER,))


def copy(taken_on: date) -> RegistryCopy:
    at = datetime.combine(taken_on, datetime.min.time(), UTC)
    return RegistryCopy(id="r1", registry=Registry.NATIONAL, taken_on=taken_on, begun_at=at, finished_at=at)


SOUND = Installation(
    sellers=(SELLER,),
    agents={SELLER.id: 1},
    numbers=(NUMBER,),
    campaigns=(make_campaign(),),
    lacking={},
    registries=(copy(NOON.date()),),
    stops=(),
    free_slots=5,
    violations=(),
    alerts=(),
    unverified_states=(),
    inbound_url=INBOUND,
    account=ACCOUNT,
)
STOP = StopSwitch(scope=StopScope.ALL, at=NOON, by="ada", reason="a fire drill")
ALERT = Alert(id="1", key="k", level=Level.WARNING, kind="limit", at=NOON, reason="80 % of the day is spent")


def test_a_sound_installation_is_ready_and_nothing_is_to_be_done() -> None:
    checks = readiness(SOUND, now=NOON)

    assert is_ready(checks)
    assert {check.grade for check in checks} == {Grade.GOOD}
    assert not any(check.todo for check in checks)


@pytest.mark.parametrize(
    ("changes", "about", "said"),
    [
        ({"sellers": ()}, "sellers", "there is none"),
        ({"numbers": ()}, "numbers of", "none to call from"),
        ({"numbers": (NUMBER.cooled(NOON + timedelta(hours=1), "blocked by networks"),)}, "numbers of", "blocked by"),
        ({"registries": ()}, "registry", "no copy"),
        ({"registries": (copy(NOON.date() - timedelta(days=32)),)}, "registry", "too old"),
        ({"free_slots": None}, "voice workers", "Redis"),
        ({"free_slots": 0}, "voice workers", "none has room"),
        ({"account": None, "account_fault": "the carrier answered 401"}, "carrier account", "401"),
        ({"account": replace(ACCOUNT, kind="Trial")}, "carrier account", "Trial"),
        ({"account": replace(ACCOUNT, status="suspended")}, "carrier account", "suspended"),
        ({"account": replace(ACCOUNT, numbers=())}, "number +1512", "does not own"),
        ({"account": replace(ACCOUNT, numbers=(replace(AT_CARRIER, has_voice=False),))}, "number +1512", "no voice"),
        (
            {"account": replace(ACCOUNT, numbers=(replace(AT_CARRIER, voice_url=""),))},
            "number +1512",
            "do not reach us",
        ),
        ({"lacking": {CampaignId("campaign-1"): ("there is no budget",)}}, "campaign Spring", "no budget"),
        ({"stops": None}, "stop switches", "cannot be read"),
        ({"stops": (STOP,)}, "stop switch", "fire drill"),
        ({"violations": (Violation(invariant="I1", ids=("a1", "a2")),)}, "I1", "a1"),
    ],
)
def test_what_keeps_phones_silent_is_red_and_says_what_to_do(changes: dict[str, Any], about: str, said: str) -> None:
    checks = readiness(replace(SOUND, **changes), now=NOON)

    red = [check for check in checks if check.grade is Grade.BAD]
    assert not is_ready(checks)
    assert any(about in check.about and said in check.seen and check.todo for check in red), red


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"agents": {}}, "agents of"),
        ({"numbers": (replace(NUMBER, authorisation=""),)}, "numbers of"),
        ({"registries": (copy(NOON.date() - timedelta(days=28)),)}, "registry"),
        ({"alerts": (ALERT,)}, "money, warning"),
        ({"unverified_states": ("SD",)}, "calling rules"),
    ],
)
def test_what_a_person_should_look_at_does_not_stop_calls(changes: dict[str, Any], about: str) -> None:
    checks = readiness(replace(SOUND, **changes), now=NOON)

    assert is_ready(checks)
    [yellow, *more] = [check for check in checks if check.grade is Grade.POOR]
    assert about in yellow.about
    assert all(each.todo for each in (yellow, *more))


def test_a_campaign_says_which_of_its_numbers_nobody_has_proven_to_be_ours() -> None:
    campaign = SOUND.campaigns[0]
    bare = replace(NUMBER, authorisation="")
    others = [
        replace(bare, phone="+15125550001", campaign_id=CampaignId("another")),
        replace(bare, phone="+15125550002", seller_id=SellerId("another")),
        replace(bare, phone="+15125550003", retired_at=NOON),
    ]

    def said(*numbers: OwnNumber) -> list[tuple[Grade, str]]:
        checks = readiness(replace(SOUND, numbers=numbers), now=NOON)
        return [(each.grade, each.seen) for each in checks if each.about == f"campaign {campaign.name}"]

    assert said(bare, *others) == [(Grade.POOR, f"nobody has said by what right it shows {OURS}")]
    assert said(NUMBER, *others) == [(Grade.GOOD, campaign.state.value)]


def test_a_number_that_was_given_up_is_not_asked_for_at_the_carrier() -> None:
    spare = replace(NUMBER, phone="+15125550001", retired_at=NOON)

    assert is_ready(readiness(replace(SOUND, numbers=(NUMBER, spare)), now=NOON))
