"""The people we might call: lead, consent, suppression, intake."""

from shared.leads.consent import Channel, Consent
from shared.leads.lead import Lead, LeadKind, LeadStatus, OptedOut
from shared.leads.suppression import Suppression, SuppressionReason

__all__ = ["Channel", "Consent", "Lead", "LeadKind", "LeadStatus", "OptedOut", "Suppression", "SuppressionReason"]
