"""Is the number on our own list of those who must not be called?"""

from datetime import datetime

from shared.calls.known import PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.rule import Rule
from shared.leads import SuppressionReason

LISTED = Rule("suppression.listed", "47 CFR 64.1200(d); an opt-out covers the whole installation")
WORDS = {
    SuppressionReason.OPT_OUT: "the person asked not to be called",
    SuppressionReason.WRONG_NUMBER: "the number belongs to somebody else",
    SuppressionReason.REASSIGNED: "the number has changed hands",
}


def is_not_suppressed(facts: PermissionFacts, _now: datetime) -> Finding:
    """Whether no entry covers this seller. An opt-out counts whichever seller heard it."""
    if facts.suppressions is None:
        return LISTED.unknown("the suppression list could not be read")
    hits = [
        entry
        for entry in facts.suppressions
        if entry.phone == facts.lead.phone
        and (entry.seller_id in (None, facts.lead.seller_id) or entry.reason is SuppressionReason.OPT_OUT)
    ]
    if not hits:
        return LISTED.allow("the number is on no suppression list", entries=len(facts.suppressions))
    first = min(hits, key=lambda entry: (entry.reason is not SuppressionReason.OPT_OUT, entry.at))
    return LISTED.deny(
        WORDS.get(first.reason, "the number is suppressed"),
        reason=first.reason.value,
        since=first.at.isoformat(),
    )
