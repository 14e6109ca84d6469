"""Do the lead and its campaign stand where a call may follow?"""

from datetime import datetime, timedelta

from shared.calls.facts import Moment, PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.rule import Rule
from shared.campaigns import CampaignState
from shared.leads import LeadStatus

LEAD = Rule("lead.status", "decision: only leads that wait for a call are called")
CAMPAIGN = Rule("campaign.running", "decision: a campaign that is paused or over rings nobody")
PAUSE_LOOK_AGAIN = timedelta(minutes=5)
EXPECTED = {
    Moment.CLAIM: frozenset({LeadStatus.READY}),
    Moment.DIAL: frozenset({LeadStatus.CLAIMED}),
    Moment.ANSWER: frozenset({LeadStatus.CLAIMED, LeadStatus.IN_CALL}),
}


def lead_waits(facts: PermissionFacts, _now: datetime) -> Finding:
    """Whether the lead is where this moment expects it."""
    status = facts.lead.status
    if status in EXPECTED[facts.moment]:
        return LEAD.allow("the lead waits for this call", status=status.value)
    return LEAD.deny(f"the lead is {status.value.replace('_', ' ')}", status=status.value)


def campaign_runs(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether the campaign is running; a pause defers."""
    if facts.campaign is None:
        return CAMPAIGN.unknown("the campaign could not be read")
    state = facts.campaign.state
    if facts.lead.campaign_id != facts.campaign.id:
        return CAMPAIGN.deny("the lead is not of this campaign")
    if state is CampaignState.RUNNING:
        return CAMPAIGN.allow("the campaign is running")
    if state is CampaignState.PAUSED:
        return CAMPAIGN.defer("the campaign is paused", until=now + PAUSE_LOOK_AGAIN, state=state.value)
    return CAMPAIGN.deny(f"the campaign is {state.value}", state=state.value)
