"""May we ring this person now? One pure function over facts; every reason is kept."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.calls.known import PermissionFacts


class Verdict(StrEnum):
    """What the rules say together."""

    ALLOW = "allow"
    DENY = "deny"
    DEFER = "defer"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one rule said, and from what. ``rule`` is a stable id such as ``consent.ai_voice``.

    ``evidence`` holds JSON values only, so that the record can be kept and replayed. What was allowed holds until
    ``allowed_until``, where the clock alone ends it.
    """

    rule: str
    verdict: Verdict
    reason: str
    source: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)
    defer_until: datetime | None = None
    allowed_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Permission:
    """The decision for one lead at one moment: deny beats defer beats allow; the latest deferral counts.

    ``facts`` are those it was taken from, kept with it so that it can be taken again; one that is read back for show
    comes without them.
    """

    at: datetime
    findings: tuple[Finding, ...]
    facts: "PermissionFacts | None" = field(default=None, compare=False, repr=False)

    @property
    def verdict(self) -> Verdict:
        """The strictest verdict; no finding at all denies."""
        verdicts = {finding.verdict for finding in self.findings}
        if not verdicts or Verdict.DENY in verdicts:
            return Verdict.DENY
        return Verdict.DEFER if Verdict.DEFER in verdicts else Verdict.ALLOW

    @property
    def defer_until(self) -> datetime | None:
        """When to ask again, if the verdict is to defer."""
        moments = [finding.defer_until for finding in self.findings if finding.defer_until is not None]
        return max(moments) if moments and self.verdict is Verdict.DEFER else None

    @property
    def allowed_until(self) -> datetime | None:
        """The first moment at which what is allowed now no longer would be, as far as the clock alone decides."""
        moments = [finding.allowed_until for finding in self.findings if finding.allowed_until is not None]
        return min(moments) if moments and self.verdict is Verdict.ALLOW else None

    @property
    def reasons(self) -> tuple[str, ...]:
        """What the rules that did not allow it said."""
        return tuple(finding.reason for finding in self.findings if finding.verdict is not Verdict.ALLOW)
