"""Do the lead and its campaign stand where a call may follow, and has nobody stopped everything?"""

from datetime import datetime, timedelta

from shared.calls.known import Moment, PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.rule import Rule
from shared.campaigns import CampaignState
from shared.leads import LeadStatus

LEAD = Rule("lead.status", "decision: only leads that wait for a call are called")
CAMPAIGN = Rule("campaign.running", "decision: a campaign that is paused or over rings nobody")
STOP = Rule("stop.thrown", "decision: a stop switch stops every new call")
LOOK_AGAIN = timedelta(minutes=5)
STOP_LOOK_AGAIN = timedelta(minutes=1)
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
    """Whether the campaign is running, between its start and its end; a pause defers."""
    campaign = facts.campaign
    if campaign is None:
        return CAMPAIGN.unknown("the campaign could not be read")
    if facts.lead.campaign_id != campaign.id:
        return CAMPAIGN.deny("the lead is not of this campaign")
    if campaign.state is CampaignState.PAUSED:
        return CAMPAIGN.defer("the campaign is paused", until=now + LOOK_AGAIN, state=campaign.state.value)
    if campaign.state is not CampaignState.RUNNING:
        return CAMPAIGN.deny(f"the campaign is {campaign.state.value}", state=campaign.state.value)
    if campaign.starts_at is not None and now < campaign.starts_at:
        return CAMPAIGN.defer("the campaign has not begun", until=campaign.starts_at)
    if campaign.ends_at is not None and now >= campaign.ends_at:
        return CAMPAIGN.deny("the campaign's time is over", ended_at=campaign.ends_at.isoformat())
    return CAMPAIGN.allow("the campaign is running", campaign.ends_at)


def nobody_stopped_it(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether no stop switch reaches this campaign."""
    if facts.stops is None:
        return STOP.unknown("the stop switches could not be read")
    if facts.stops:
        first = facts.stops[0]
        return STOP.defer(
            f"calls are stopped: {first.reason}",
            until=now + STOP_LOOK_AGAIN,
            scope=first.scope.value,
            by=first.by,
            since=first.at.isoformat(),
        )
    return STOP.allow("no stop switch is thrown")
