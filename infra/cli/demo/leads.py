"""The lead list of the demo, as a seller would export it: one CSV row for every persona."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta

from infra.simulator.people.persona import Persona

CONSENT = (
    "By ticking, I sign and agree that {seller} may call and text me at {phone} about buying or selling real estate, "
    "including with automated dialing and AI-generated (artificial) or prerecorded voice. Not a condition of any "
    "purchase or service. I can stop at any time by saying stop, pressing 9, or replying STOP."
)
COLUMNS = (
    "first_name", "last_name", "phone", "email", "kind", "subject", "source", "asked_at", "timezone", "state",
    "postal_code", "consent_text", "consent_channels", "consent_at", "consent_url", "consent_method",
)  # fmt: skip


def leads_csv(personas: Sequence[Persona], *, seller: str, now: datetime) -> str:
    """The list as CSV text; everybody asked, and consented, two days before ``now``."""
    asked = now - timedelta(days=2)
    out = io.StringIO()
    rows = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    rows.writeheader()
    rows.writerows(_row(persona, seller=seller, asked=asked) for persona in personas)
    return out.getvalue()


def _row(persona: Persona, *, seller: str, asked: datetime) -> dict[str, str]:
    first, _, last = persona.name.partition(" ")
    return {
        "first_name": first,
        "last_name": last,
        "phone": persona.phone,
        "email": f"{first}.{last}@example.com".lower(),
        "kind": persona.lead.kind,
        "subject": persona.lead.subject,
        "source": persona.lead.source,
        "asked_at": asked.isoformat(),
        "timezone": persona.lead.timezone,
        "state": persona.lead.state,
        "postal_code": persona.lead.postal_code,
        "consent_text": CONSENT.format(seller=seller, phone=persona.phone),
        "consent_channels": persona.lead.consent_channels,
        "consent_at": asked.isoformat(),
        "consent_url": f"https://{persona.lead.source}/form",
        "consent_method": "web_form",
    }
