"""Where a lead stands after a call: what was promised is kept, what is settled stays settled."""

from dataclasses import replace
from datetime import datetime

from shared.campaigns import Campaign
from shared.campaigns.next_attempt import allowed_from
from shared.campaigns.queue_order import Turn, in_turn
from shared.leads import Lead, LeadStatus
from shared.outcomes.disposition import ActionKind, Disposition, NextAction
from shared.outcomes.ended_call import EndedCall
from shared.outcomes.next_action import next_action, wait_after

UNSETTLED = frozenset({LeadStatus.NEW, LeadStatus.READY, LeadStatus.CLAIMED, LeadStatus.IN_CALL})


def move_lead(lead: Lead, ended: EndedCall, *, campaign: Campaign, now: datetime) -> tuple[Lead, NextAction]:
    """The lead after the call, and the step that follows.

    A call that reached nobody moves no lead that is settled, nor one whom another call still holds; a call-back that
    was promised outlives every call but the one that makes it.
    """
    counted = replace(lead, attempts=max(lead.attempts - 1, 0)) if ended.gives_back else lead
    action = next_action(
        ended.disposition,
        counted,
        cadence=campaign.cadence,
        report=ended.report,
        hours=campaign.plan.hours,
        tried=ended.tried,
        failures=ended.failures_in_a_row if ended.is_our_fault else 0,
        rang_nobody=ended.rang_nobody,
        now=now,
    )
    spoken_at = ended.attempt.ended_at if ended.report and ended.report.heard == "human" else None
    moved = replace(counted, spoken_at=spoken_at or lead.spoken_at)
    if not _is_open(action) or action.promised_at is not None:
        promised = replace(in_turn(moved, Turn.ORDINARY), promised_at=action.promised_at)
        waits = _is_open(action) and ended.holds_lead
        return _noted(promised, ended) if waits else _moved(promised, ended, action), action
    if _is_settled(moved) or ended.holds_lead:
        return moved, action
    return _open(moved, ended, action, campaign, now), action


def _is_settled(lead: Lead) -> bool:
    """Whether the lead is done with; one that was only given up is not, once it was promised a call."""
    waits = lead.status in UNSETTLED or (lead.status in _GIVEN_UP and lead.promised_at is not None)
    return not waits


def _is_open(action: NextAction) -> bool:
    """Whether nothing is settled with the person yet."""
    return action.kind is ActionKind.CALL_AGAIN or action.lead_status in _GIVEN_UP


_HELD = frozenset({LeadStatus.CLAIMED, LeadStatus.IN_CALL})
_GIVEN_UP = frozenset({LeadStatus.EXHAUSTED, LeadStatus.UNREACHABLE})
_NOTHING = NextAction(kind=ActionKind.STOP, lead_status=LeadStatus.UNREACHABLE)


def _open(lead: Lead, ended: EndedCall, action: NextAction, campaign: Campaign, now: datetime) -> Lead:
    """A lead with whom nothing is settled: the promise it was given counts before the cadence."""
    if lead.promised_at is None or ended.keeps_promise:
        kept = replace(in_turn(lead, Turn.ORDINARY), promised_at=None)
        if not ended.is_inbound:
            return _moved(kept, ended, action)
        if lead.status in _HELD:
            return _moved(kept, ended, _resumed(kept, ended, campaign, now))
        is_unknown = lead.status is LeadStatus.NEW
        return _moved(kept, ended, _NOTHING) if is_unknown else _noted(kept, ended)
    at = allowed_from(lead, max(now, lead.promised_at), hours=campaign.plan.hours)
    if ended.is_our_fault:
        waits = wait_after(ended.failures_in_a_row, rang_nobody=ended.rang_nobody)
        at = max(at, action.at or allowed_from(lead, now + waits, hours=campaign.plan.hours))
    promised = NextAction(kind=ActionKind.CALL_AGAIN, lead_status=LeadStatus.READY, at=at)
    return _moved(in_turn(lead, Turn.ORDINARY), ended, promised)


def _resumed(lead: Lead, ended: EndedCall, campaign: Campaign, now: datetime) -> NextAction:
    """What follows where a call of ours reached nobody and ended first: the cadence goes on as after any such call."""
    nobody, plan = Disposition.NO_ANSWER, campaign.plan
    return next_action(
        nobody, lead, cadence=campaign.cadence, report=None, hours=plan.hours, tried=ended.tried, now=now
    )


def _moved(lead: Lead, ended: EndedCall, action: NextAction) -> Lead:
    if action.lead_status is LeadStatus.OPTED_OUT:
        lead = lead.opted_out()
    return lead.after_call(action.lead_status, disposition=ended.disposition.value, score=_score(ended), at=action.at)


def _noted(lead: Lead, ended: EndedCall) -> Lead:
    """The lead where it stands, with what the call told."""
    score = _score(ended)
    return replace(lead, disposition=ended.disposition.value, score=lead.score if score is None else score)


def _score(ended: EndedCall) -> int | None:
    return ended.report.score if ended.report else None
