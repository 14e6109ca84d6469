"""Did the person allow this seller to ring them with an artificial voice?"""

import re
from datetime import datetime

from shared.calls.facts import PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.rule import Rule
from shared.campaigns.calling_hours import calling_hours
from shared.leads import Channel

AI_VOICE = Rule("consent.ai_voice", "47 CFR 64.1200(a)(2), (a)(3), (f)(9)")
NAMES_AI = re.compile(r"\b(ai|artificial(ly)?|synthe\w+)\b", re.IGNORECASE)


def allows_ai_voice(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether a standing consent names this seller, this number and the AI voice."""
    if facts.consents is None:
        return AI_VOICE.unknown("the consents could not be read")
    if facts.campaign is None:
        return AI_VOICE.unknown("the campaign could not be read")
    if facts.campaign.seller_id != facts.lead.seller_id:
        return AI_VOICE.deny("the lead belongs to another seller than the campaign")
    must_name_ai = calling_hours().consent_must_name_ai(facts.states)
    for consent in facts.consents:
        is_theirs = consent.phone == facts.lead.phone
        if must_name_ai and not NAMES_AI.search(consent.text):
            continue
        if is_theirs and consent.covers(seller_id=facts.lead.seller_id, channel=Channel.AI_VOICE, at=now):
            return AI_VOICE.allow(
                "the person allowed this seller to call with an AI voice",
                consent=str(consent.id),
                obtained=consent.obtained_at.isoformat(),
                method=consent.method,
            )
    return AI_VOICE.deny(
        "there is no consent to AI voice calls from this seller",
        consents=len(facts.consents),
        must_name_ai=must_name_ai,
    )
