"""Campaigns: who is rung, when, how often."""

from shared.campaigns.cadence import Cadence
from shared.campaigns.campaign import Campaign, CampaignState, NotReady, Opening, Seller

__all__ = ["Cadence", "Campaign", "CampaignState", "NotReady", "Opening", "Seller"]
