"""What campaigns achieved and what they cost."""

from shared.reports.campaign_report import CampaignReport, LeadLine, Percentiles

__all__ = ["CampaignReport", "LeadLine", "Percentiles"]
