"""The views that the voice node's role may read; no tables, so the metadata does not know them."""

from typing import Any

from sqlalchemy import TableClause, Uuid, column, table
from sqlalchemy.dialects.postgresql import BOOLEAN, BYTEA, INTEGER, INTERVAL, JSONB, TEXT, TIMESTAMP
from sqlalchemy.sql.type_api import TypeEngine

AT = TIMESTAMP(timezone=True)
ID = Uuid(as_uuid=False)


def _view(name: str, columns: dict[str, TypeEngine[Any]]) -> TableClause:
    return table(name, *(column(each, kind) for each, kind in columns.items()))


briefs = _view(
    "briefs",
    {
        **dict.fromkeys(("attempt_id", "campaign_id", "seller_id", "lead_id"), ID),
        **dict.fromkeys(("phone", "direction", "registered_name", "callback_number", "voice", "script"), TEXT()),
        **dict.fromkeys(("opening_text", "first_name", "last_name", "kind", "subject", "source", "timezone"), TEXT()),
        "script_version": INTEGER(),
        "script_body": TEXT(),
        "prompt": TEXT(),
        "time_limit": INTERVAL(),
        "opening_audio": BYTEA(),
        "asked_at": AT,
    },
)
brief_agents = _view(
    "brief_agents",
    {**dict.fromkeys(("id", "seller_id"), ID), **dict.fromkeys(("name", "timezone"), TEXT()), "hours": JSONB()},
)
brief_booked = _view(
    "brief_booked",
    {
        **dict.fromkeys(("id", "seller_id", "agent_id", "lead_id", "attempt_id", "moved_from"), ID),
        **dict.fromkeys(("starts_at", "ends_at"), AT),
        **dict.fromkeys(("timezone", "status"), TEXT()),
    },
)
brief_context = _view(
    "brief_context",
    {
        "attempt_id": ID,
        **dict.fromkeys(("promised_at", "spoken_at", "missed_at"), AT),
        **dict.fromkeys(("voicemail_text", "opt_out_number", "transfer_to", "timezone"), TEXT()),
        **dict.fromkeys(("facts", "hours", "recordings"), JSONB()),
        **dict.fromkeys(("goes_on", "recorded", "off_the_record"), BOOLEAN()),
    },
)
