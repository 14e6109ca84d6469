"""The columns of a list of leads: their names, what else they are called, and how long a cell may be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.kernel.errors import Malformed


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. ``aliases`` are compared in lower case with ``_`` between words."""

    name: str
    aliases: tuple[str, ...] = ()
    is_required: bool = False
    longest: int = 200


COLUMNS = (
    Column(name="first_name", aliases=("first", "firstname", "given_name", "name"), is_required=True, longest=80),
    Column(name="last_name", aliases=("last", "lastname", "surname", "family_name"), longest=80),
    Column(
        name="phone",
        aliases=(
            "phone_number",
            "telephone",
            "telephone_number",
            "mobile",
            "mobile_phone",
            "cell",
            "cell_phone",
            "tel",
        ),
        is_required=True,
        longest=40,
    ),
    Column(name="email", aliases=("e_mail", "mail", "email_address"), longest=254),
    Column(name="kind", aliases=("type", "lead_type", "lead_kind")),
    Column(name="subject", aliases=("property", "address", "property_address", "interest", "inquiry")),
    Column(name="source", aliases=("lead_source", "origin", "site", "website")),
    Column(name="asked_at", aliases=("asked_on", "inquiry_date", "inquired_at", "lead_date", "date")),
    Column(name="timezone", aliases=("time_zone", "tz", "zone")),
    Column(name="state", aliases=("us_state", "province", "region")),
    Column(name="postal_code", aliases=("zip", "zip_code", "zipcode", "postcode", "postal"), longest=12),
    Column(
        name="consent_text", aliases=("consent", "consent_wording", "consent_language"), is_required=True, longest=4000
    ),
    Column(name="consent_channels", aliases=("consent_channel", "channels"), is_required=True),
    Column(name="consent_at", aliases=("consent_date", "consented_at", "consent_time", "consent_on"), is_required=True),
    Column(
        name="consent_url",
        aliases=("consent_page", "consent_source_url", "consent_proof", "consent_document", "consent_certificate"),
        is_required=True,
        longest=2000,
    ),
    Column(name="consent_method", aliases=("consent_via",)),
)
BY_NAME = {column.name: column for column in COLUMNS}
_NAME_OF = {alias: column.name for column in COLUMNS for alias in (column.name, *column.aliases)}


class BadHeader(Malformed):
    """The first line does not name the columns that we need."""


def columns_of(header: Sequence[str]) -> tuple[str | None, ...]:
    """Our name of each column, ``None`` for those we do not know.

    Raises:
        BadHeader: A column that every lead needs is missing, or one is there twice.
    """
    names = tuple(_NAME_OF.get(_plain(cell)) for cell in header)
    known = [name for name in names if name]
    twice = sorted({name for name in known if known.count(name) > 1})
    if twice:
        raise BadHeader(f"two columns mean the same: {', '.join(twice)}; keep one of them")
    missing = [column for column in COLUMNS if column.is_required and column.name not in known]
    if missing:
        accepted = "; ".join(f"{column.name} (or {', '.join(column.aliases)})" for column in missing)
        found = ", ".join(cell.strip() for cell in header if cell.strip()) or "nothing"
        raise BadHeader(f"the first line lacks columns: {accepted}. It names: {found[:500]}")
    return names


def _plain(cell: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", cell.strip().lower()).strip("_")
