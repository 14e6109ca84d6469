"""Campaigns: who is rung, when, how often."""

from shared.campaigns.breaker import BreakerLimits, CallCounts, RateLimit
from shared.campaigns.cadence import Cadence, PartOfDay
from shared.campaigns.calling_plan import CallingPlan, VoicemailPolicy
from shared.campaigns.campaign import Campaign, CampaignMove, CampaignState, NotReady, Opening, PauseReason, Seller
from shared.campaigns.experiment import Experiment, Variant
from shared.campaigns.own_number import NumberStats, OwnNumber, OwnNumberRepository, choose_caller_id

__all__ = [
    "BreakerLimits",
    "Cadence",
    "CallCounts",
    "CallingPlan",
    "Campaign",
    "CampaignMove",
    "CampaignState",
    "Experiment",
    "NotReady",
    "NumberStats",
    "Opening",
    "OwnNumber",
    "OwnNumberRepository",
    "PartOfDay",
    "PauseReason",
    "RateLimit",
    "Seller",
    "Variant",
    "VoicemailPolicy",
    "choose_caller_id",
]
