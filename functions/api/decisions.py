"""Decisions taken anew: the same answer from what was kept, and what today's rules would say."""

from datetime import datetime
from enum import StrEnum

from fastapi import APIRouter

from functions.api.access import Reach
from functions.api.answers import Shown
from shared.calls.known import Moment
from shared.calls.permission import Finding, Permission, Verdict
from shared.calls.replay import NotReplayable, StoredPermission, by_todays_rules, facts_of_json, replay
from shared.kernel.ids import AttemptId

router = APIRouter(prefix="/v1/attempts", tags=["calls"])


class Again(StrEnum):
    """What comes of taking a decision again from its row."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_POSSIBLE = "not_possible"


class ChangeShown(Shown):
    """What today's rules say otherwise than was said then."""

    rule: str
    then: Verdict | None
    now: Verdict | None
    reason: str


class DecisionShown(Shown):
    """One decision taken anew; ``today`` is the verdict by the rules of today, ``differing`` the data that changed."""

    at: datetime
    moment: Moment | None = None
    verdict: Verdict
    reasons: tuple[str, ...]
    again: Again
    because: str = ""
    today: Verdict | None = None
    changes: tuple[ChangeShown, ...] = ()
    rule_version_then: str | None
    rule_version_now: str | None = None
    differing: tuple[str, ...] = ()


class ReplayShown(Shown):
    """Every decision that was taken for an attempt, in their order."""

    attempt: str
    decisions: tuple[DecisionShown, ...]


@router.get("/{attempt_id}/decisions/replay")
def replay_decisions(attempt_id: AttemptId, services: Reach) -> ReplayShown:
    """Take every decision for a call again, from its row alone, and once more by the rules of today."""
    services.calls.get(attempt_id)
    return ReplayShown(
        attempt=attempt_id, decisions=tuple(_shown(each) for each in services.decisions.of_attempt(attempt_id))
    )


def _shown(stored: StoredPermission) -> DecisionShown:
    reasons = tuple(each.reason for each in stored.findings if each.verdict is not Verdict.ALLOW)
    try:
        again, today = replay(stored), by_todays_rules(stored)
        moment = facts_of_json(stored.facts or {}).moment
    except NotReplayable as error:
        return DecisionShown(
            at=stored.at,
            verdict=stored.verdict,
            reasons=reasons,
            again=Again.NOT_POSSIBLE,
            because=str(error),
            rule_version_then=stored.rule_version,
        )
    return DecisionShown(
        at=stored.at,
        moment=moment,
        verdict=stored.verdict,
        reasons=reasons,
        again=Again.SAME if again.is_same else Again.DIFFERENT,
        because="" if again.is_same else f"from the same facts it is {again.permission.verdict.value} now",
        today=today.verdict,
        changes=_changes(stored, today),
        rule_version_then=again.rule_version_then,
        rule_version_now=again.rule_version_now,
        differing=again.differing,
    )


def _changes(stored: StoredPermission, today: Permission) -> tuple[ChangeShown, ...]:
    """The rules whose verdict is another one, and those that one of the two did not ask."""
    then: dict[str, Finding] = {each.rule: each for each in stored.findings}
    now: dict[str, Finding] = {each.rule: each for each in today.findings}
    rules = dict.fromkeys((*then, *now))
    return tuple(
        ChangeShown(
            rule=rule,
            then=then[rule].verdict if rule in then else None,
            now=now[rule].verdict if rule in now else None,
            reason=now[rule].reason if rule in now else then[rule].reason,
        )
        for rule in rules
        if rule not in then or rule not in now or then[rule].verdict is not now[rule].verdict
    )
