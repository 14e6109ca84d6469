"""Where leads, consents and suppressions are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.kernel.errors import Refused
from shared.kernel.ids import CampaignId, LeadId
from shared.leads.consent import Consent
from shared.leads.lead import Lead
from shared.leads.suppression import Suppression


class CampaignOver(Refused):
    """Nobody is rung for the campaign any more."""

    def __init__(self, campaign_id: CampaignId) -> None:
        super().__init__(f"campaign {campaign_id} is completed and rings nobody any more: make another one")


class LeadRepository(Protocol):
    """Where leads are kept."""

    def get(self, lead_id: LeadId) -> Lead:
        """The lead.

        Raises:
            NotFound: There is no such lead.
        """
        ...

    def add(self, leads: Sequence[Lead], consents: Sequence[Consent]) -> frozenset[LeadId]:
        """Keep new leads with their consents, all in one transaction; returns the ids that were kept.

        A lead whose phone its campaign already has is left out, and its consent with it. Safe to repeat.

        Raises:
            CampaignOver: A campaign of theirs is completed, at this very moment perhaps; none is kept.
        """
        ...

    def known_phones(self, campaign_id: CampaignId, phones: Sequence[str]) -> frozenset[str]:
        """Which of ``phones`` the campaign already has."""
        ...

    def of_campaign(self, campaign_id: CampaignId) -> Sequence[Lead]:
        """Every lead of the campaign, in the order they came."""
        ...

    def of_phone(self, phone: str) -> Sequence[Lead]:
        """Every lead with the number (E.164), in the order they came."""
        ...

    def save(self, lead: Lead, *, was: Lead | None = None) -> None:
        """Keep a changed lead. A lead that has opted out stays so whatever is saved.

        With ``was``, the lead as it was read, only what differs from it is written, and only if the lead still stands
        where it stood, by the fields of ``PLACE``.

        Raises:
            Conflict: No lead moves like that, this one is being called, or it moved since it was read.
        """
        ...


class ConsentRepository(Protocol):
    """Where consents are kept."""

    def of_phone(self, phone: str) -> Sequence[Consent]:
        """Every consent given for the number, revoked ones too."""
        ...

    def revoke(self, phone: str, *, at: datetime) -> None:
        """Take back every consent of the number that still stands. Safe to repeat: the first moment counts."""
        ...


class SuppressionRepository(Protocol):
    """Where suppressed numbers are kept."""

    def add(self, suppression: Suppression) -> None:
        """Put a number on the list before anyone is told that it is there. Safe to repeat."""
        ...

    def add_all(self, entries: Sequence[Suppression]) -> None:
        """Put many numbers on the list, all or none. Safe to repeat."""
        ...

    def of_phone(self, phone: str) -> Sequence[Suppression]:
        """Every entry for the number."""
        ...

    def newest(self, *, limit: int) -> Sequence[Suppression]:
        """The entries that were made last, the newest first."""
        ...
