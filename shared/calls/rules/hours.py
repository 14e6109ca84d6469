"""May this person's phone ring at this hour, wherever they may be?"""

from datetime import datetime, timedelta

from shared.calls.facts import Moment, PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.rule import Rule
from shared.campaigns.calling_hours import calling_hours

LOCAL = Rule("hours.local", "47 CFR 64.1200(c)(1); 16 CFR 310.4(c); state hours")
STATE = Rule("hours.state_policy", "state laws on automatic calls; see calling_rules.yaml")
RINGING = timedelta(seconds=60)
"""An answer is judged by the moment the phone may have begun to ring: it was right to ring, so it is right to talk."""


def is_open(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether every place the person may be in is within its hours."""
    if not facts.zones:
        return LOCAL.deny("it is unknown where the person is, so their local time is unknown")
    hours = calling_hours()
    evidence = {
        "zones": list(facts.zones),
        "states": list(facts.states),
        "rules": [rule.id for rule in hours.rules_for(facts.states)],
    }
    moment = now - RINGING if facts.moment is Moment.ANSWER else now
    if any(hours.allows(at, facts.zones, facts.states) for at in {moment, now}):
        return LOCAL.allow("within calling hours wherever the person may be", **evidence)
    opening = hours.next_opening(now, facts.zones, facts.states)
    if opening is None:
        return LOCAL.deny("there is no hour at which this person may be called", **evidence)
    return LOCAL.defer("outside calling hours where the person may be", until=opening, **evidence)


def is_not_blocked(facts: PermissionFacts, _now: datetime) -> Finding:
    """Whether no state the person may be in forbids automatic calls altogether."""
    blocked = calling_hours().blocked(facts.states)
    if blocked:
        return STATE.deny(
            "automatic calls to this state are switched off",
            states=[rule.state for rule in blocked],
            sources=[rule.row.source for rule in blocked],
        )
    return STATE.allow("no state the person may be in forbids the call", states=list(facts.states))
