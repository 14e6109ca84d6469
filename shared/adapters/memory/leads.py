"""Leads, consents and suppressions in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.adapters.memory.store import MemoryStore, opted_out
from shared.campaigns import CampaignState
from shared.kernel.errors import NotFound
from shared.kernel.ids import CampaignId, LeadId
from shared.leads import Consent, Lead, Suppression, SuppressionReason
from shared.leads.ports import CampaignOver


class MemoryLeadRepository:
    """``LeadRepository`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def get(self, lead_id: LeadId) -> Lead:
        try:
            return self._store.leads[lead_id]
        except KeyError:
            raise NotFound(f"no lead {lead_id}") from None

    def add(self, leads: Sequence[Lead], consents: Sequence[Consent]) -> frozenset[LeadId]:
        with self._store.lock:
            self._check_open(leads)
            kept: dict[str, Lead] = {}
            for lead in leads:
                if lead.id not in self._store.leads and not self._is_taken(lead):
                    kept[lead.id] = self._store.leads[lead.id] = lead
            people = {(lead.seller_id, lead.phone) for lead in kept.values()}
            for consent in consents:
                if (consent.seller_id, consent.phone) in people:
                    self._store.consents.setdefault(consent.id, consent)
            return frozenset(lead.id for lead in kept.values())

    def _check_open(self, leads: Sequence[Lead]) -> None:
        for campaign_id in {lead.campaign_id for lead in leads if lead.campaign_id is not None}:
            campaign = self._store.campaigns.get(campaign_id)
            if campaign is not None and campaign.state is CampaignState.COMPLETED:
                raise CampaignOver(campaign_id)

    def _is_taken(self, lead: Lead) -> bool:
        same = self._store.leads.where("phone", lead.phone)
        return lead.campaign_id is not None and any(known.campaign_id == lead.campaign_id for known in same)

    def known_phones(self, campaign_id: CampaignId, phones: Sequence[str]) -> frozenset[str]:
        return frozenset(lead.phone for lead in self.of_campaign(campaign_id)) & frozenset(phones)

    def of_campaign(self, campaign_id: CampaignId) -> Sequence[Lead]:
        with self._store.lock:
            return self._store.leads.where("campaign", campaign_id)

    def of_phone(self, phone: str) -> Sequence[Lead]:
        with self._store.lock:
            return self._store.leads.where("phone", phone)

    def save(self, lead: Lead, *, was: Lead | None = None) -> None:
        with self._store.lock:
            self._store.put_lead(lead, was=was)


class MemoryConsentRepository:
    """``ConsentRepository`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def of_phone(self, phone: str) -> Sequence[Consent]:
        with self._store.lock:
            given = self._store.consents.where("phone", phone)
        return sorted(given, key=lambda consent: (consent.obtained_at, consent.id))

    def revoke(self, phone: str, *, at: datetime) -> None:
        with self._store.lock:
            for consent in self._store.consents.where("phone", phone):
                if consent.revoked_at is None:
                    self._store.consents[consent.id] = replace(consent, revoked_at=at)


class MemorySuppressionRepository:
    """``SuppressionRepository`` in memory; an opt-out moves every lead of the number."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def add(self, suppression: Suppression) -> None:
        is_opt_out = suppression.reason is SuppressionReason.OPT_OUT
        entry = replace(suppression, seller_id=None) if is_opt_out else suppression
        with self._store.lock:
            if _same(entry) in {_same(known) for known in self._store.suppressions}:
                return
            self._store.suppressions.append(entry)
            for lead in self._store.leads.where("phone", entry.phone) if is_opt_out else ():
                self._store.leads[lead.id] = opted_out(lead)

    def add_all(self, entries: Sequence[Suppression]) -> None:
        for entry in entries:
            self.add(entry)

    def newest(self, *, limit: int) -> Sequence[Suppression]:
        with self._store.lock:
            return sorted(self._store.suppressions, key=lambda entry: entry.at, reverse=True)[:limit]

    def of_phone(self, phone: str) -> Sequence[Suppression]:
        with self._store.lock:
            entries = [entry for entry in self._store.suppressions if entry.phone == phone]
        return sorted(entries, key=lambda entry: entry.at)


def _same(entry: Suppression) -> tuple[str, SuppressionReason, str | None, str | None]:
    return entry.phone, entry.reason, entry.seller_id, entry.attempt_id
