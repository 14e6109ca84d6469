"""Leads wait again once what blocked them is over, and nobody else does."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.calls import Finding, Verdict
from shared.calls.reopen import Reason, Reopening, reopen_after_import, reopen_after_sign_off
from shared.campaigns import CampaignState
from shared.campaigns.campaign import PauseReason
from shared.campaigns.sign_off import SignOff, StatePolicy
from shared.kernel.ids import SellerId, new_id
from shared.leads import Lead, LeadStatus, SuppressionReason
from shared.leads.registry import Registry, RegistryCopy
from tests.contracts.backends import Backend
from tests.contracts.nouns import CAMPAIGN_ID, NOON, SELLER, make_permission, make_suppression

LATER = NOON + timedelta(hours=1)
LISTED = Finding(rule="registry.national", verdict=Verdict.DENY, reason="listed")
FORBIDDEN = Finding(rule="state.policy", verdict=Verdict.DENY, reason="blocked", evidence={"states": ["FL"]})
UNLICENSED = Finding(rule="state.licence", verdict=Verdict.DENY, reason="no licence", evidence={"states": ["FL"]})
WITHOUT_CONSENT = Finding(rule="consent.ai_voice", verdict=Verdict.DENY, reason="no consent")
ABOUT_US = Finding(rule="caller_id.healthy", verdict=Verdict.DENY, reason="rests")
UNKNOWN = Finding(rule="reassigned.number", verdict=Verdict.DENY, reason="?", evidence={"unknown": True})
FINE = Finding(rule="registry.state", verdict=Verdict.ALLOW, reason="fine")
SIGNED = SignOff(seller_id=SELLER.id, state="FL", policy=StatePolicy.CONSENT_ONLY, signed_by="Ann", signed_at=LATER)


def blocked(backend: Backend, *findings: Finding, **changed: Any) -> Lead:
    """A lead that was parted with by a decision that found so."""
    lead = backend.add_lead(**changed)
    gone = replace(lead, status=LeadStatus.BLOCKED, next_attempt_at=None)
    backend.calls.decline(gone, make_permission(findings=(FINE, *findings)))
    return gone


def take_copy(backend: Backend, *listed: str, **changed: Any) -> RegistryCopy:
    copy = RegistryCopy(id=new_id(), registry=Registry.NATIONAL, taken_on=NOON.date(), begun_at=NOON)
    copy = replace(copy, **changed)
    backend.registries.begin(copy)
    backend.registries.add_numbers(copy.id, listed)
    return backend.registries.finish(copy.id, at=LATER, is_empty=not listed)


def opening(backend: Backend) -> Reopening:
    return Reopening(blocked=backend.blocked, campaigns=backend.campaigns)


def test_a_newer_copy_opens_whom_the_older_one_listed(backend: Backend) -> None:
    ada = blocked(backend, LISTED, ABOUT_US, UNKNOWN)
    still = blocked(backend, LISTED, phone="+13125550102")
    copy = take_copy(backend, still.phone)

    assert reopen_after_import(copy, reopening=opening(backend), now=LATER) == 1
    assert backend.leads.get(ada.id) == replace(ada, status=LeadStatus.READY, next_attempt_at=LATER)
    assert backend.leads.get(still.id) == still
    assert reopen_after_import(copy, reopening=opening(backend), now=LATER) == 0


def test_the_newest_copy_that_covers_the_number_says_whether_it_is_listed(backend: Backend) -> None:
    ada = blocked(backend, LISTED)
    take_copy(backend, ada.phone, taken_on=NOON.date() - timedelta(days=9))
    elsewhere = take_copy(backend, area_codes=("512",))
    assert reopen_after_import(elsewhere, reopening=opening(backend), now=LATER) == 0

    theirs = take_copy(backend, area_codes=(ada.phone[2:5],))
    assert reopen_after_import(theirs, reopening=opening(backend), now=LATER) == 1


@pytest.mark.parametrize(
    "findings", [(LISTED, WITHOUT_CONSENT), (WITHOUT_CONSENT,), (FORBIDDEN,), (replace(LISTED, verdict=Verdict.DEFER),)]
)
def test_whoever_was_blocked_for_another_reason_too_stays_so(backend: Backend, findings: tuple[Finding, ...]) -> None:
    ada = blocked(backend, *findings)

    assert reopen_after_import(take_copy(backend), reopening=opening(backend), now=LATER) == 0
    assert backend.leads.get(ada.id) == ada


def test_a_suppressed_number_stays_blocked(backend: Backend) -> None:
    ada = blocked(backend, LISTED)
    backend.suppressions.add(make_suppression(reason=SuppressionReason.DO_NOT_CALL))

    assert reopen_after_import(take_copy(backend), reopening=opening(backend), now=LATER) == 0
    assert backend.leads.get(ada.id).status is LeadStatus.BLOCKED


def test_a_signature_opens_whom_the_law_of_that_state_blocked_for_that_seller(backend: Backend) -> None:
    ada = blocked(backend, FORBIDDEN, UNLICENSED)
    other = blocked(backend, replace(FORBIDDEN, evidence={"states": ["TX"]}), phone="+13125550102")
    listed = blocked(backend, FORBIDDEN, LISTED, phone="+13125550103")

    assert reopen_after_sign_off(replace(SIGNED, policy=StatePolicy.BLOCK), reopening=opening(backend), now=LATER) == 0
    stranger = replace(SIGNED, seller_id=SellerId(new_id()))
    assert reopen_after_sign_off(stranger, reopening=opening(backend), now=LATER) == 0
    assert reopen_after_sign_off(SIGNED, reopening=opening(backend), now=LATER) == 1
    assert backend.leads.get(ada.id).next_attempt_at == LATER
    assert [backend.leads.get(each.id) for each in (other, listed)] == [other, listed]


def test_the_latest_decision_counts(backend: Backend) -> None:
    ada = blocked(backend, LISTED)
    backend.calls.decline(ada, make_permission(findings=(WITHOUT_CONSENT,)))

    assert reopen_after_import(take_copy(backend), reopening=opening(backend), now=LATER) == 0


def test_a_campaign_that_was_over_comes_back_paused(backend: Backend) -> None:
    blocked(backend, LISTED)
    backend.campaigns.save(replace(backend.campaigns.get(CAMPAIGN_ID), state=CampaignState.COMPLETED))

    assert reopen_after_import(take_copy(backend), reopening=opening(backend), now=LATER) == 1
    campaign = backend.campaigns.get(CAMPAIGN_ID)
    assert (campaign.state, campaign.paused_reason) == (CampaignState.PAUSED, PauseReason.MANUAL)
    assert "1 may be rung now: start it" in (campaign.paused_because or "")


def test_a_campaign_whose_time_has_ended_stays_over(backend: Backend) -> None:
    blocked(backend, LISTED)
    over = replace(backend.campaigns.get(CAMPAIGN_ID), state=CampaignState.COMPLETED, ends_at=LATER)
    backend.campaigns.save(over)

    assert reopen_after_import(take_copy(backend), reopening=opening(backend), now=LATER) == 0
    assert backend.campaigns.get(CAMPAIGN_ID).state is CampaignState.COMPLETED


def test_many_are_opened_in_batches(backend: Backend) -> None:
    for number in range(5):
        blocked(backend, LISTED, phone=f"+1312555{number:04}")
    reason = Reason(rules=frozenset({LISTED.rule}))

    opened = [backend.blocked.reopen(reason, now=LATER, limit=2) for _ in range(4)]
    assert [each.get(CAMPAIGN_ID, 0) for each in opened] == [2, 2, 1, 0]
