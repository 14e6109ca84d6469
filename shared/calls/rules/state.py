"""May an artificial voice ring people of these states for this seller?"""

from datetime import datetime

from shared.calls.known import PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.rule import Rule
from shared.campaigns.law import NamedRule
from shared.campaigns.sign_off import StatePolicy

POLICY = Rule("state.policy", "state laws on automatic calls; see calling_rules.yaml")
LICENCE = Rule("state.licence", "Fla. Stat. 501.605; Tex. Bus. & Com. Code ch. 302; see calling_rules.yaml")
AGAINST = {
    StatePolicy.BLOCK: "automatic calls to this state are switched off",
    StatePolicy.HUMAN_FIRST: "in this state a person has to speak first, so an artificial voice may not ring",
}


def is_allowed(facts: PermissionFacts, _now: datetime) -> Finding:
    """Whether the policy of every state lets the voice ring, as the law has it or as counsel signed it off."""
    if facts.law is None:
        return POLICY.unknown("the law that applies is unknown")
    for policy, reason in AGAINST.items():
        rules = facts.law.under(policy)
        if rules:
            return POLICY.deny(
                reason,
                policy=policy.value,
                states=[rule.state for rule in rules],
                sources=[rule.row.source for rule in rules],
                signed=_signed(rules),
            )
    return POLICY.allow(
        "no state the person may be in forbids the call",
        policy=facts.law.policy.value,
        states=list(facts.law.states),
        signed=_signed(facts.law.rules),
        rules=dict(facts.law.versions),
    )


def is_licensed(facts: PermissionFacts, _now: datetime) -> Finding:
    """Whether the seller's licence, or why it needs none, is signed for every state that asks for one."""
    if facts.law is None:
        return LICENCE.unknown("the law that applies is unknown")
    lacking = [
        rule for rule in facts.law.rules if rule.row.licence == "required" and not (rule.signed and rule.signed.licence)
    ]
    if lacking:
        return LICENCE.deny(
            "the seller's licence for this state is not signed off: reauto sign-off add STATE --licence",
            states=[rule.state for rule in lacking],
            sources=[rule.row.source for rule in lacking],
        )
    return LICENCE.allow(
        "no state the person may be in asks for a licence that is not signed off",
        open=[rule.state for rule in facts.law.rules if rule.row.licence == "open"],
        licences={rule.state: rule.signed.licence for rule in facts.law.rules if rule.signed and rule.signed.licence},
    )


def _signed(rules: tuple[NamedRule, ...]) -> list[dict[str, str]]:
    return [
        {"state": each.signed.state, "by": each.signed.signed_by, "at": each.signed.signed_at.isoformat()}
        for each in rules
        if each.signed
    ]
