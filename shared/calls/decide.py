"""May we ring this person now? Every rule is asked, every answer kept; see ``shared.calls.rules``."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from shared.calls.known import PermissionFacts
from shared.calls.permission import Finding, Permission, Verdict
from shared.calls.rules import (
    attempts,
    caller_id,
    capacity,
    consent,
    hours,
    money,
    number,
    reassigned,
    registry,
    standing,
    state,
    suppression,
)
from shared.kernel.outbox import NewMessage
from shared.leads import Lead, LeadStatus, SuppressionReason

RULES: tuple[Callable[[PermissionFacts, datetime], Finding], ...] = (
    number.is_valid,
    number.is_dialable,
    number.is_domestic,
    number.is_a_persons_line,
    suppression.is_not_suppressed,
    consent.allows_ai_voice,
    reassigned.is_theirs_still,
    registry.national_allows,
    registry.states_allow,
    state.is_allowed,
    state.is_licensed,
    hours.is_open_by_law,
    hours.is_no_holiday,
    hours.is_wanted_now,
    attempts.is_not_rung_now,
    attempts.is_within_day,
    attempts.is_spaced,
    attempts.is_within_total,
    caller_id.is_healthy,
    capacity.has_slot,
    capacity.campaign_has_room,
    standing.lead_waits,
    standing.campaign_runs,
    standing.nobody_stopped_it,
    money.is_affordable,
)
ABOUT_US = frozenset(
    {
        caller_id.HEALTHY.id,
        capacity.SLOT.id,
        capacity.CAMPAIGN.id,
        money.BUDGET.id,
        standing.CAMPAIGN.id,
        standing.STOP.id,
    }
)
"""Rules about our numbers, room, money and campaigns: what they say is no fact about the person."""
PARTED: tuple[tuple[str, LeadStatus], ...] = (
    (number.VALID.id, LeadStatus.INVALID),
    (number.DIALABLE.id, LeadStatus.INVALID),
    (number.LINE.id, LeadStatus.INVALID),
    (number.COUNTRY.id, LeadStatus.BLOCKED),
    (consent.AI_VOICE.id, LeadStatus.BLOCKED),
    (reassigned.REASSIGNED.id, LeadStatus.BLOCKED),
    (registry.NATIONAL.id, LeadStatus.BLOCKED),
    (registry.STATE.id, LeadStatus.BLOCKED),
    (state.POLICY.id, LeadStatus.BLOCKED),
    (state.LICENCE.id, LeadStatus.BLOCKED),
    (hours.LOCAL.id, LeadStatus.BLOCKED),
    (hours.HOLIDAY.id, LeadStatus.BLOCKED),
    (hours.WANTED.id, LeadStatus.BLOCKED),
    (attempts.DAY.id, LeadStatus.BLOCKED),
    (attempts.TOTAL.id, LeadStatus.EXHAUSTED),
)


def decide(facts: PermissionFacts, *, now: datetime) -> Permission:
    """The decision, with one finding per rule. Pure: the same facts at the same moment decide the same."""
    return Permission(at=now, findings=tuple([rule(facts, now) for rule in RULES]), facts=facts)


def is_only_about_us(permission: Permission) -> bool:
    """Whether nothing but our own room, money, numbers or lists stand against the call: keep the lead as it is."""
    against = [finding for finding in permission.findings if finding.verdict is not Verdict.ALLOW]
    return bool(against) and all(
        finding.rule in ABOUT_US or bool(finding.evidence.get("unknown")) for finding in against
    )


def lead_after(lead: Lead, permission: Permission) -> Lead:
    """The lead once ``permission`` was not given: put off until then, or parted with."""
    if permission.defer_until is not None:
        return lead.postponed_to(permission.defer_until)
    denied = {finding.rule: finding for finding in permission.findings if _is_about_them(finding)}
    listed = denied.get(suppression.LISTED.id)
    if listed:
        has_opted_out = listed.evidence.get("reason") == SuppressionReason.OPT_OUT
        return _parted(lead, LeadStatus.OPTED_OUT if has_opted_out else LeadStatus.BLOCKED)
    for rule, status in PARTED:
        if rule in denied:
            return _parted(lead, status)
    return lead


def questions_after(lead: Lead, permission: Permission) -> tuple[NewMessage, ...]:
    """The messages that get the facts that were missing: the networks are asked about the number, once for all."""
    asking = [finding for finding in permission.findings if finding.evidence.get("check")]
    if not asking:
        return ()
    since = [finding.evidence["since"] for finding in asking if "since" in finding.evidence]
    body = {"phone": lead.phone} | ({"since": since[0]} if since else {})
    return (NewMessage(topic="check_number", body=body, group=lead.seller_id),)


def _is_about_them(finding: Finding) -> bool:
    return finding.verdict is Verdict.DENY and not finding.evidence.get("unknown")


def _parted(lead: Lead, status: LeadStatus) -> Lead:
    return replace(lead, status=status, next_attempt_at=None)
