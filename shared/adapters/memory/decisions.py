"""Decisions as they were kept, and the leads that were parted with by them, in memory."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from shared.adapters.memory.registries import MemoryRegistryRepository
from shared.adapters.memory.store import MemoryStore
from shared.calls.permission import Permission, Verdict
from shared.calls.reopen import Reason
from shared.calls.replay import StoredPermission, facts_as_json, rule_version
from shared.kernel.ids import AttemptId, CampaignId, LeadId
from shared.leads import Lead, LeadStatus


class MemoryPermissionRecords:
    """``PermissionRecords`` in memory."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def of_lead(self, lead_id: LeadId) -> Sequence[StoredPermission]:
        with self._store.lock:
            return [_stored(permission) for subject, permission in self._store.permissions if subject == lead_id]

    def of_attempt(self, attempt_id: AttemptId) -> Sequence[StoredPermission]:
        with self._store.lock:
            return [_stored(permission) for permission in self._store.decided.get(attempt_id, ())]


def _stored(permission: Permission) -> StoredPermission:
    return StoredPermission(
        at=permission.at,
        verdict=permission.verdict,
        findings=permission.findings,
        facts=facts_as_json(permission.facts) if permission.facts else None,
        rule_version=rule_version(permission.facts) if permission.facts else None,
    )


class MemoryBlockedLeads:
    """``BlockedLeads`` in memory."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def reopen(self, reason: Reason, *, now: datetime, limit: int) -> Mapping[CampaignId, int]:
        with self._store.lock:
            latest = dict(self._store.permissions)
            blocked = [lead for lead in self._store.leads.values() if lead.status is LeadStatus.BLOCKED]
            over = [lead for lead in blocked if self._is_over(lead, latest.get(lead.id), reason, now)][:limit]
            for lead in over:
                self._store.put_lead(lead.postponed_to(now))
        return Counter(lead.campaign_id for lead in over if lead.campaign_id)

    def _is_over(self, lead: Lead, latest: Permission | None, reason: Reason, now: datetime) -> bool:
        campaign = self._store.campaigns.get(lead.campaign_id or "")
        is_theirs = reason.seller_id in (None, lead.seller_id)
        goes_on = campaign is not None and (campaign.ends_at is None or campaign.ends_at > now)
        if latest is None or not (is_theirs and goes_on):
            return False
        denied = [each for each in latest.findings if each.verdict is Verdict.DENY]
        is_reason = any(
            each.rule in reason.rules and reason.state in (None, *each.evidence.get("states", ())) for each in denied
        )
        is_more = any(each.rule in reason.others and not each.evidence.get("unknown") for each in denied)
        return is_reason and not is_more and not self._is_listed(lead)

    def _is_listed(self, lead: Lead) -> bool:
        entries = (each for each in self._store.suppressions if each.phone == lead.phone)
        registries = MemoryRegistryRepository(self._store)
        states = [copy.state for copy in registries.copies() if copy.state]
        return any(each.seller_id in (None, lead.seller_id) for each in entries) or any(
            listing.is_listed for listing in registries.listings(lead.phone, states=states)
        )
