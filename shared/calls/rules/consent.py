"""Did the person allow this seller to ring them with an artificial voice?"""

import re
from datetime import datetime

from shared.calls.known import PermissionFacts
from shared.calls.permission import Finding
from shared.calls.rules.rule import Rule
from shared.campaigns.sign_off import StatePolicy
from shared.leads import Channel, Consent

AI_VOICE = Rule("consent.ai_voice", "47 CFR 64.1200(a)(2), (a)(3), (f)(9)")
NAMES_AI = re.compile(r"\b(ai|artificial(ly)?|synthe\w+)\b", re.IGNORECASE)
LEGAL_FORMS = frozenset({"llc", "inc", "corp", "corporation", "co", "company", "ltd", "lp", "llp", "pllc", "pa", "pc"})


def allows_ai_voice(facts: PermissionFacts, now: datetime) -> Finding:
    """Whether a standing consent with its proof names this seller, this number and the AI voice."""
    if facts.consents is None:
        return AI_VOICE.unknown("the consents could not be read")
    if facts.campaign is None:
        return AI_VOICE.unknown("the campaign could not be read")
    if facts.law is None:
        return AI_VOICE.unknown("the law that applies is unknown")
    if facts.campaign.seller_id != facts.lead.seller_id:
        return AI_VOICE.deny("the lead belongs to another seller than the campaign")
    must_name_ai = bool(facts.law.under(StatePolicy.CONSENT_ONLY))
    consent = covering_consent(facts, now)
    if consent is not None:
        return AI_VOICE.allow(
            "the person allowed this seller to call with an AI voice",
            consent=str(consent.id),
            obtained=consent.obtained_at.isoformat(),
            method=consent.method,
            where=consent.source_url,
            must_name_ai=must_name_ai,
        )
    bare = next((each for each in _standing(facts, now) if each.lacks), None)
    if bare is not None:
        return AI_VOICE.deny(
            f"the consent has no proof: {', '.join(bare.lacks)} missing", consent=str(bare.id), lacks=list(bare.lacks)
        )
    return AI_VOICE.deny(
        "there is no consent to AI voice calls from this seller",
        consents=len(facts.consents),
        must_name_ai=must_name_ai,
    )


def covering_consent(facts: PermissionFacts, now: datetime) -> Consent | None:
    """The newest consent that allows the call, if there is one."""
    must_name_ai = facts.law is None or bool(facts.law.under(StatePolicy.CONSENT_ONLY))
    fit = [
        each for each in _standing(facts, now) if not each.lacks and (NAMES_AI.search(each.text) or not must_name_ai)
    ]
    return max(fit, key=lambda each: each.obtained_at, default=None)


def names_seller(consent: Consent, name: str) -> bool:
    """Whether the wording names the seller, by its registered name with or without the legal form."""
    words = _words(name)
    while words and words[-1] in LEGAL_FORMS:
        words.pop()
    return bool(words) and f" {' '.join(words)} " in f" {' '.join(_words(consent.text))} "


def _standing(facts: PermissionFacts, now: datetime) -> list[Consent]:
    return [
        consent
        for consent in facts.consents or ()
        if consent.phone == facts.lead.phone
        and consent.covers(seller_id=facts.lead.seller_id, channel=Channel.AI_VOICE, at=now)
    ]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.casefold().replace("'", "").replace("’", ""))
