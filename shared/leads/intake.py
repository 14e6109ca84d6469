"""Rows of a list become leads with their consents, or a refusal that says what to change; no row is lost."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from shared.kernel.errors import Malformed
from shared.kernel.ids import CampaignId, ConsentId, LeadId, SellerId, new_id
from shared.kernel.week import Week
from shared.leads import cells
from shared.leads.columns import BY_NAME
from shared.leads.consent import Consent
from shared.leads.csv_rows import Row
from shared.leads.lead import Lead, LeadKind, LeadStatus
from shared.leads.location import zones_of

Value = TypeVar("Value")
JUST_ASKED = timedelta(hours=1)
"""Who asked so lately is waiting for a call now."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class RefusedRow:
    """A row that was not imported: its line, the column to look at (empty for the whole row), and why."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AcceptedRow:
    """A row that is a lead now."""

    line: int
    lead: Lead
    consent: Consent


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Whom the leads are for, and when they come. Leads of a campaign are ready to be rung from ``now`` on.

    ``priority`` and ``hours`` are those of every lead; who asked within the last hour comes ``ahead`` of the others.
    """

    seller_id: SellerId
    campaign_id: CampaignId | None
    now: datetime
    priority: int = 0
    ahead: int = 0
    hours: Week = ()
    make_id: Callable[[], str] = new_id

    def priority_of(self, asked_at: datetime | None) -> int:
        """The priority of a lead by when it asked."""
        has_just_asked = asked_at is not None and self.now - asked_at <= JUST_ASKED
        return self.priority + (self.ahead if has_just_asked else 0)


@dataclass(frozen=True, kw_only=True)
class IntakeReport:
    """What became of every row."""

    accepted: tuple[AcceptedRow, ...] = ()
    refused: tuple[RefusedRow, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return len(self.accepted) + len(self.refused)


def judge_rows(rows: Iterable[Row], intake: Intake) -> Iterator[AcceptedRow | RefusedRow]:
    """Each row's fate, in order, as the rows come: exactly one answer per row.

    Of rows with the same telephone number only the first good one is accepted.
    """
    line_of_phone: dict[str, int] = {}
    for row in rows:
        judged = _judge(row, intake)
        if isinstance(judged, AcceptedRow):
            first = line_of_phone.setdefault(judged.lead.phone, row.line)
            if first != row.line:
                judged = RefusedRow(line=row.line, column="phone", reason=f"the same number as in line {first}")
        yield judged


def _judge(row: Row, intake: Intake) -> AcceptedRow | RefusedRow:
    if row.fault is not None:
        return RefusedRow(line=row.line, column="", reason=row.fault)
    reader = _Reader(row.cells)
    first_name = reader.need("first_name", str, "there is no first name")
    phone = reader.need("phone", cells.read_phone, "there is no telephone number")
    timezone = reader.maybe("timezone", cells.read_zone)
    clock = timezone or next(iter(zones_of(phone or "")), None)
    details = _details(reader, clock, intake.now)
    consent = _consent(reader, phone, clock, intake)
    if reader.faults or first_name is None or phone is None or consent is None:
        column, reason = reader.said
        return RefusedRow(line=row.line, column=column, reason=reason)
    lead = Lead(
        id=LeadId(intake.make_id()),
        seller_id=intake.seller_id,
        campaign_id=intake.campaign_id,
        phone=phone,
        first_name=first_name,
        timezone=timezone,
        status=LeadStatus.READY if intake.campaign_id else LeadStatus.NEW,
        next_attempt_at=intake.now if intake.campaign_id else None,
        priority=intake.priority_of(details["asked_at"]),
        hours=intake.hours,
        created_at=intake.now,
        **details,
    )
    return AcceptedRow(line=row.line, lead=lead, consent=consent)


def _details(reader: "_Reader", clock: str | None, now: datetime) -> dict[str, Any]:
    return {
        "kind": reader.maybe("kind", cells.read_kind) or LeadKind.SELLER,
        "last_name": reader.maybe("last_name", str) or "",
        "email": reader.maybe("email", cells.read_email),
        "subject": reader.maybe("subject", str) or "",
        "source": reader.maybe("source", str) or "",
        "asked_at": reader.maybe("asked_at", lambda text: _past(text, clock, now)),
        "state": reader.maybe("state", cells.read_state),
        "postal_code": reader.maybe("postal_code", str),
    }


def _consent(reader: "_Reader", phone: str | None, clock: str | None, intake: Intake) -> Consent | None:
    text = reader.need("consent_text", str, "there is no consent: its wording is missing")
    channels = reader.need("consent_channels", cells.read_channels, "the consent names no channel, such as ai_voice")
    obtained_at = reader.need(
        "consent_at", lambda cell: _past(cell, clock, intake.now), "there is no consent: its date is missing"
    )
    source_url = reader.need(
        "consent_url", str, "the consent has no proof: the page, document or recording it was given in is missing"
    )
    method = reader.maybe("consent_method", str) or "web_form"
    if text is None or channels is None or obtained_at is None or source_url is None or phone is None:
        return None
    return Consent(
        id=ConsentId(intake.make_id()),
        seller_id=intake.seller_id,
        phone=phone,
        channels=channels,
        text=text,
        method=method,
        source_url=source_url,
        obtained_at=obtained_at,
    )


@dataclass
class _Reader:
    """Reads the cells of one row and collects what is wrong with them."""

    cells: Mapping[str, str]
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def said(self) -> tuple[str, str]:
        """The first column that is at fault, and every reason."""
        return next(iter(self.faults)), "; ".join(self.faults.values())

    def need(self, column: str, read: Callable[[str], Value], without: str) -> Value | None:
        """The cell's value; an empty one is a fault."""
        if not self.cells.get(column):
            self.faults[column] = without
        return self.maybe(column, read)

    def maybe(self, column: str, read: Callable[[str], Value]) -> Value | None:
        """The cell's value, ``None`` when it is empty or at fault."""
        text = self.cells.get(column, "")
        if not text:
            return None
        if len(text) > BY_NAME[column].longest:
            self.faults[column] = f"{column} is longer than {BY_NAME[column].longest} characters"
            return None
        try:
            return read(text)
        except Malformed as fault:
            self.faults[column] = str(fault)
            return None


def _past(text: str, zone: str | None, now: datetime) -> datetime:
    moment = cells.read_moment(text, zone=zone)
    if moment > now:
        raise cells.BadCell(f"{text} lies in the future")
    if moment < EARLIEST:
        raise cells.BadCell(f"{text} is too long ago")
    return moment
