"""Every OwnNumberRepository keeps the same promises."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from shared.calls import AttemptState, CallAttempt
from shared.campaigns import CampaignState, NumberStats, OwnNumber
from tests.contracts.backends import Backend
from tests.contracts.nouns import CAMPAIGN_ID, NOON, SELLER, make_campaign

OURS = "+13125550100"


def make_number(phone: str = OURS, **changed: Any) -> OwnNumber:
    return replace(OwnNumber(phone=phone, seller_id=SELLER.id, added_at=NOON), **changed)


def test_gives_back_what_was_saved(backend: Backend) -> None:
    number = make_number(
        campaign_id=CAMPAIGN_ID,
        authorisation="bundle BU123",
        warms_up=True,
        cooled_until=NOON + timedelta(days=1),
        cooled_because="networks turned away 4 of 10 calls",
        retired_at=NOON,
    )
    backend.own_numbers.save(make_number())
    backend.own_numbers.save(number)

    assert backend.own_numbers.by_phone(OURS) == number
    assert backend.own_numbers.by_phone("+13125550199") is None


def test_numbers_come_by_age(backend: Backend) -> None:
    older = make_number("+13125550199", added_at=NOON - timedelta(days=1))
    for number in (make_number(), older):
        backend.own_numbers.save(number)

    assert backend.own_numbers.of_seller(SELLER.id) == [older, make_number()]
    assert backend.own_numbers.all() == [older, make_number()]


def ended(backend: Backend, name: int, at: datetime = NOON, **changed: Any) -> CallAttempt:
    lead = backend.add_lead(phone=f"+1312555{name:04}")
    attempt = backend.plan(lead)
    backend.calls.begin_dialing(attempt.id, worker="w1", slot_epoch="e1", now=at)
    dialled = backend.calls.get(attempt.id)
    over = replace(dialled, state=AttemptState.ENDED, ended_at=at + timedelta(minutes=1), **changed)
    return backend.calls.move(over)


def test_calls_are_counted_by_how_they_went(backend: Backend) -> None:
    backend.campaigns.save(make_campaign(state=CampaignState.RUNNING))
    ended(backend, 1, provider_result="completed", answered_at=NOON, duration_seconds=4)
    ended(backend, 2, provider_result="completed", answered_at=NOON, duration_seconds=90, answered_by="human")
    ended(backend, 3, provider_result="completed", answered_at=NOON, duration_seconds=5, answered_by="machine_start")
    ended(backend, 4, provider_result="failed", sip_code=608)
    ended(backend, 5, provider_result="no-answer")
    ended(backend, 6, at=NOON - timedelta(days=2), provider_result="failed", sip_code=603)
    backend.plan(backend.add_lead(phone="+13125550007"))

    stats = backend.own_numbers.stats(OURS, NOON - timedelta(days=1))
    assert stats == NumberStats(dials=5, answered=2, short=1, blocked=1)
    assert backend.own_numbers.stats("+13125550199", NOON) == NumberStats()
    dials = backend.own_numbers.dials([OURS, "+13125550199"], NOON - timedelta(days=1))
    assert dials == {OURS: 5, "+13125550199": 0}
