"""May we ring this person now? Every rule is asked, every answer kept; see ``shared.calls.rules``."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from shared.calls.facts import PermissionFacts
from shared.calls.permission import Finding, Permission, Verdict
from shared.calls.rules import attempts, capacity, consent, hours, money, number, standing, suppression
from shared.leads import Lead, LeadStatus, SuppressionReason

RULES: tuple[Callable[[PermissionFacts, datetime], Finding], ...] = (
    number.is_valid,
    number.is_dialable,
    number.is_domestic,
    suppression.is_not_suppressed,
    consent.allows_ai_voice,
    standing.lead_waits,
    standing.campaign_runs,
    hours.is_not_blocked,
    hours.is_open,
    attempts.is_not_rung_now,
    attempts.is_within_day,
    attempts.is_within_total,
    capacity.has_slot,
    capacity.campaign_has_room,
    money.is_affordable,
)
ABOUT_US = frozenset({capacity.SLOT.id, capacity.CAMPAIGN.id, money.BUDGET.id, standing.CAMPAIGN.id})
"""Rules about our room, money and campaigns: what they say is no fact about the person."""
PARTED: tuple[tuple[str, LeadStatus], ...] = (
    (number.VALID.id, LeadStatus.INVALID),
    (number.DIALABLE.id, LeadStatus.INVALID),
    (number.COUNTRY.id, LeadStatus.BLOCKED),
    (consent.AI_VOICE.id, LeadStatus.BLOCKED),
    (hours.STATE.id, LeadStatus.BLOCKED),
    (hours.LOCAL.id, LeadStatus.BLOCKED),
    (attempts.TOTAL.id, LeadStatus.EXHAUSTED),
)


def decide(facts: PermissionFacts, *, now: datetime) -> Permission:
    """The decision, with one finding per rule. Pure: the same facts at the same moment decide the same."""
    return Permission(at=now, findings=tuple(rule(facts, now) for rule in RULES))


def is_only_about_us(permission: Permission) -> bool:
    """Whether nothing but our own room, money or campaign stands against the call: ask again later, keep the lead."""
    against = {finding.rule for finding in permission.findings if finding.verdict is not Verdict.ALLOW}
    return bool(against) and against <= ABOUT_US


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


def _is_about_them(finding: Finding) -> bool:
    return finding.verdict is Verdict.DENY and not finding.evidence.get("unknown")


def _parted(lead: Lead, status: LeadStatus) -> Lead:
    return replace(lead, status=status, next_attempt_at=None)
