"""Every LeadRepository keeps the same promises, and so do those of consents and suppressions."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.campaigns import CampaignState
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import LeadId, new_id
from shared.leads import LeadKind, LeadStatus, SuppressionReason
from shared.leads.ports import CampaignOver
from tests.contracts.backends import Backend
from tests.contracts.nouns import (
    CAMPAIGN_ID,
    NOON,
    PHONE,
    SELLER,
    make_campaign,
    make_consent,
    make_lead,
    make_suppression,
)


def test_gives_back_what_was_kept(backend: Backend) -> None:
    lead = make_lead(
        last_name="Lovelace",
        email="ada@example.com",
        kind=LeadKind.BUYER,
        subject="12 Elm Street",
        source="web",
        asked_at=NOON - timedelta(hours=1),
        timezone="America/Chicago",
        state="IL",
        postal_code="60601",
        score=12,
        disposition="busy",
    )
    consent = make_consent(lead)

    assert backend.leads.add([lead], [consent]) == {lead.id}
    assert backend.leads.get(lead.id) == lead
    assert backend.consents.of_phone(PHONE) == [consent]


def test_a_missing_lead_is_said_so(backend: Backend) -> None:
    with pytest.raises(NotFound):
        backend.leads.get(LeadId(new_id()))


def test_a_phone_comes_once_into_a_campaign(backend: Backend) -> None:
    first, again = make_lead(), make_lead(first_name="Again")
    other = make_lead(phone="+13125550143")

    backend.leads.add([first], [make_consent(first)])
    kept = backend.leads.add([again, other], [make_consent(again), make_consent(other)])

    assert kept == {other.id}
    assert [lead.id for lead in backend.leads.of_campaign(CAMPAIGN_ID)] == [first.id, other.id]
    assert len(backend.consents.of_phone(PHONE)) == 1
    assert backend.leads.known_phones(CAMPAIGN_ID, [PHONE, "+13125550199"]) == {PHONE}


def test_a_completed_campaign_takes_no_more_leads(backend: Backend) -> None:
    backend.campaigns.save(make_campaign(state=CampaignState.COMPLETED))
    lead = make_lead()

    with pytest.raises(CampaignOver, match="make another one"):
        backend.leads.add([lead], [make_consent(lead)])
    assert backend.leads.of_campaign(CAMPAIGN_ID) == []
    assert backend.consents.of_phone(PHONE) == []


def test_only_what_changed_is_written_over_what_others_wrote_meanwhile(backend: Backend) -> None:
    read = backend.add_lead()
    backend.leads.save(replace(read, spoken_at=NOON, variant="b"), was=read)
    backend.leads.save(replace(read, status=LeadStatus.EXHAUSTED, next_attempt_at=None), was=read)

    known = backend.leads.get(read.id)
    assert (known.status, known.spoken_at, known.variant) == (LeadStatus.EXHAUSTED, NOON, "b")


@pytest.mark.parametrize(
    "meanwhile", [{"promised_at": NOON}, {"attempts": 4}, {"status": LeadStatus.OPTED_OUT, "next_attempt_at": None}]
)
def test_a_lead_that_moved_meanwhile_is_not_moved_by_who_read_before(
    backend: Backend, meanwhile: dict[str, Any]
) -> None:
    read = backend.add_lead()
    moved = replace(read, **meanwhile)
    backend.leads.save(moved, was=read)

    with pytest.raises(Conflict):
        backend.leads.save(read.postponed_to(NOON + timedelta(hours=4)), was=read)
    assert backend.leads.get(read.id) == moved


def test_adding_the_same_leads_again_changes_nothing(backend: Backend) -> None:
    lead = make_lead()
    consent = make_consent(lead)
    backend.leads.add([lead], [consent])

    assert backend.leads.add([lead], [consent]) == frozenset()
    assert backend.consents.of_phone(PHONE) == [consent]


def test_nothing_to_add_is_fine(backend: Backend) -> None:
    assert backend.leads.add([], []) == frozenset()


def test_an_opted_out_lead_stays_so_whatever_is_saved(backend: Backend) -> None:
    lead = backend.add_lead()
    backend.leads.save(replace(lead, status=LeadStatus.OPTED_OUT, next_attempt_at=None))
    backend.leads.save(replace(lead, status=LeadStatus.READY, next_attempt_at=NOON, score=7))

    kept = backend.leads.get(lead.id)
    assert (kept.status, kept.next_attempt_at, kept.score) == (LeadStatus.OPTED_OUT, None, 7)


def test_an_opt_out_moves_every_lead_of_the_number(backend: Backend) -> None:
    lead = backend.add_lead()
    elsewhere = backend.add_lead(campaign_id=None)
    other = backend.add_lead(phone="+13125550143")

    backend.suppressions.add(make_suppression(seller_id=SELLER.id, evidence="stop calling me"))

    assert backend.leads.get(lead.id).status is LeadStatus.OPTED_OUT
    assert backend.leads.get(lead.id).next_attempt_at is None
    assert backend.leads.get(elsewhere.id).status is LeadStatus.OPTED_OUT
    assert backend.leads.get(other.id) == other


def test_an_opt_out_covers_the_whole_installation(backend: Backend) -> None:
    backend.suppressions.add(make_suppression(seller_id=SELLER.id))

    assert [entry.seller_id for entry in backend.suppressions.of_phone(PHONE)] == [None]


def test_suppressing_twice_is_one_entry(backend: Backend) -> None:
    for _ in range(2):
        backend.suppressions.add(make_suppression())
    wrong = make_suppression(reason=SuppressionReason.WRONG_NUMBER, seller_id=SELLER.id, at=NOON + timedelta(hours=1))
    backend.suppressions.add(wrong)

    assert backend.suppressions.of_phone(PHONE) == [make_suppression(), wrong]


def test_a_wrong_number_moves_no_lead(backend: Backend) -> None:
    lead = backend.add_lead()
    backend.suppressions.add(make_suppression(reason=SuppressionReason.WRONG_NUMBER))

    assert backend.leads.get(lead.id) == lead


def test_a_consent_is_taken_back_once_and_stays_on_record(backend: Backend) -> None:
    lead = make_lead()
    consent = make_consent(lead)
    backend.leads.add([lead], [consent])
    for at in (NOON, NOON + timedelta(hours=1)):
        backend.consents.revoke(PHONE, at=at)

    assert backend.consents.of_phone(PHONE) == [replace(consent, revoked_at=NOON)]


def test_taking_back_consents_concerns_one_number_alone(backend: Backend) -> None:
    lead, other = make_lead(), make_lead(phone="+13125550143")
    kept = make_consent(other)
    backend.leads.add([lead, other], [make_consent(lead), make_consent(lead, text="Once more."), kept])
    backend.consents.revoke(PHONE, at=NOON)

    assert [consent.revoked_at for consent in backend.consents.of_phone(PHONE)] == [NOON, NOON]
    assert backend.consents.of_phone(other.phone) == [kept]
    backend.consents.revoke("+13125550199", at=NOON)


def test_a_consent_that_was_taken_back_earlier_keeps_its_moment(backend: Backend) -> None:
    lead = make_lead()
    consent = make_consent(lead, revoked_at=NOON - timedelta(days=1))
    backend.leads.add([lead], [consent])
    backend.consents.revoke(PHONE, at=NOON)

    assert backend.consents.of_phone(PHONE) == [consent]


def test_a_phone_is_found_in_every_campaign(backend: Backend) -> None:
    known, other = make_lead(), make_lead(phone="+13125550143")
    loose = make_lead(campaign_id=None, status=LeadStatus.NEW)
    backend.leads.add([known, other, loose], [])

    assert [lead.id for lead in backend.leads.of_phone(PHONE)] == [known.id, loose.id]
    assert backend.leads.of_phone("+13125550199") == []


def test_many_numbers_are_suppressed_at_once(backend: Backend) -> None:
    lead = make_lead()
    backend.leads.add([lead], [])
    entries = [
        make_suppression(phone=f"+1312555{number:04d}", at=NOON + timedelta(minutes=number)) for number in range(3)
    ]

    backend.suppressions.add_all(entries)
    backend.suppressions.add_all([*entries, make_suppression(phone=PHONE, reason=SuppressionReason.OPT_OUT)])
    backend.suppressions.add_all([])

    assert [entry.phone for entry in backend.suppressions.newest(limit=2)] == ["+13125550002", "+13125550001"]
    assert len(backend.suppressions.newest(limit=9)) == 4
    assert backend.leads.get(lead.id).status is LeadStatus.OPTED_OUT
