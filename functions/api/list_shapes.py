"""What clients send and see of do-not-call lists, of what is known of a number, and of signatures."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from functions.api.answers import Shown
from functions.api.bodies import Body, Name, Phone
from shared.calls import Finding, Permission
from shared.campaigns.sign_off import SignOff, StatePolicy
from shared.leads import Lead, Suppression, SuppressionReason
from shared.leads.import_registry import PartReport
from shared.leads.registry import RegistryCopy

LONGEST_PART = 6 * 1024 * 1024
"""Characters; more does not fit through API Gateway and Lambda."""


class SuppressionBody(Body):
    """A number that nobody may ring any more, for one seller or, without one, for all."""

    phone: Phone
    reason: Literal["do_not_call", "opt_out", "wrong_number", "manual"] = "do_not_call"
    seller_id: str | None = None
    evidence: str = Field(default="", max_length=2000)


class ImportBody(Body):
    """A copy of a list. ``account`` is the subscription's number (SAN).

    ``area_codes`` are those that the copy was bought for, or ``all``. ``numbers`` holds one number a line; a large
    list is begun without ``is_complete``, sent in parts, and finished. Without a number it is refused, unless the list
    ``is_empty``; so it is with many lines that cannot be read, unless it is right ``despite_bad_lines``.
    """

    registry: Literal["national", "state", "internal"] = Field(alias="list")
    state: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    taken_on: date
    area_codes: tuple[str, ...] | Literal["all"] = "all"
    account: str = Field(default="", max_length=100)
    seller_id: str | None = None
    numbers: str | tuple[str, ...] = Field(default="", max_length=LONGEST_PART)
    is_complete: bool = True
    is_empty: bool = False
    despite_bad_lines: bool = False

    @property
    def text(self) -> str:
        """The numbers, one a line."""
        return self.numbers if isinstance(self.numbers, str) else "\n".join(self.numbers)


class SignOffBody(Body):
    """What the seller's counsel signed for one state."""

    state: str = Field(pattern="^[A-Z]{2}$")
    policy: StatePolicy
    signed_by: Name
    licence: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=2000)


class BadLineShown(Shown):
    """A line that is no number."""

    line: int
    reason: str


class PartShown(Shown):
    """What became of a part; ``id`` is the copy's, ``None`` for our own list.

    ``reopened`` leads wait for a call again that the copies before forbade.
    """

    id: str | None
    rows: int
    accepted: int
    refused: tuple[BadLineShown, ...]
    reopened: int = 0

    @classmethod
    def of(cls, copy_id: str | None, report: PartReport, *, reopened: int = 0) -> "PartShown":
        """The report's numbers, and every line that was refused."""
        bad = tuple(BadLineShown(line=each.line, reason=each.reason) for each in report.bad)
        return cls(id=copy_id, rows=report.rows, accepted=report.accepted, refused=bad, reopened=reopened)


class CopyShown(Shown):
    """A copy of a registry; without area codes it covers all. ``reopened`` leads wait again because of it."""

    id: str
    registry: str
    state: str | None
    taken_on: date
    area_codes: tuple[str, ...]
    account: str
    finished_at: datetime | None
    numbers: int
    reopened: int = 0

    @classmethod
    def of(cls, copy: RegistryCopy, *, reopened: int = 0) -> "CopyShown":
        """The copy as it stands."""
        return cls(
            id=copy.id,
            registry=copy.registry.value,
            state=copy.state,
            taken_on=copy.taken_on,
            area_codes=copy.area_codes,
            account=copy.account,
            finished_at=copy.finished_at,
            numbers=copy.numbers,
            reopened=reopened,
        )


class SuppressionShown(Shown):
    """An entry of our own list."""

    phone: str
    reason: SuppressionReason
    at: datetime
    seller_id: str | None
    evidence: str

    @classmethod
    def of(cls, entry: Suppression) -> "SuppressionShown":
        """The entry."""
        return cls(
            phone=entry.phone,
            reason=entry.reason,
            at=entry.at,
            seller_id=entry.seller_id,
            evidence=entry.evidence,
        )


class FindingShown(Shown):
    """What one rule says."""

    rule: str
    verdict: str
    reason: str
    source: str
    evidence: dict[str, Any]
    defer_until: datetime | None
    allowed_until: datetime | None

    @classmethod
    def of(cls, finding: Finding) -> "FindingShown":
        """The finding."""
        return cls(
            rule=finding.rule,
            verdict=finding.verdict.value,
            reason=finding.reason,
            source=finding.source,
            evidence=finding.evidence,
            defer_until=finding.defer_until,
            allowed_until=finding.allowed_until,
        )


class LeadVerdict(Shown):
    """Whether one lead with the number may be rung now, rule by rule."""

    lead_id: str
    name: str
    campaign: str | None
    status: str
    verdict: str
    reasons: tuple[str, ...]
    defer_until: datetime | None
    allowed_until: datetime | None
    findings: tuple[FindingShown, ...]

    @classmethod
    def of(cls, lead: Lead, *, campaign: str | None, permission: Permission) -> "LeadVerdict":
        """The decision about a lead."""
        return cls(
            lead_id=lead.id,
            name=f"{lead.first_name} {lead.last_name}".strip(),
            campaign=campaign,
            status=lead.status.value,
            verdict=permission.verdict.value,
            reasons=permission.reasons,
            defer_until=permission.defer_until,
            allowed_until=permission.allowed_until,
            findings=tuple(FindingShown.of(finding) for finding in permission.findings),
        )


class ListingShown(Shown):
    """What the newest copy of a list says of the number."""

    registry: str
    state: str | None
    taken_on: date
    covers: bool
    is_listed: bool


class NumberShown(Shown):
    """All that speaks for and against a number, and what the rules say of every lead that has it."""

    phone: str
    suppressions: tuple[SuppressionShown, ...]
    listings: tuple[ListingShown, ...]
    consents: int
    leads: tuple[LeadVerdict, ...]


class SignOffShown(Shown):
    """A signature. ``reopened`` leads wait for a call again because of it."""

    state: str
    policy: StatePolicy
    signed_by: str
    signed_at: datetime
    licence: str
    note: str
    reopened: int = 0

    @classmethod
    def of(cls, sign_off: SignOff, *, reopened: int = 0) -> "SignOffShown":
        """The signature."""
        return cls(
            state=sign_off.state,
            policy=sign_off.policy,
            signed_by=sign_off.signed_by,
            signed_at=sign_off.signed_at,
            licence=sign_off.licence,
            note=sign_off.note,
            reopened=reopened,
        )
