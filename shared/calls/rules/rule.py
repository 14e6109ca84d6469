"""A rule's name and source, and the findings it can come to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.calls.permission import Finding, Verdict


@dataclass(frozen=True)
class Rule:
    """One rule: its stable id, and the law or decision that it comes from."""

    id: str
    source: str

    def allow(self, reason: str, until: datetime | None = None, /, **evidence: Any) -> Finding:
        """Nothing against a call, before ``until`` where that is known."""
        return Finding(
            rule=self.id,
            verdict=Verdict.ALLOW,
            reason=reason,
            source=self.source,
            evidence=evidence,
            allowed_until=until,
        )

    def deny(self, reason: str, /, **evidence: Any) -> Finding:
        """No call, now or later, unless the facts change."""
        return Finding(rule=self.id, verdict=Verdict.DENY, reason=reason, source=self.source, evidence=evidence)

    def unknown(self, reason: str, /, **evidence: Any) -> Finding:
        """No call, because a fact is missing; it says nothing about the person."""
        return self.deny(reason, unknown=True, **evidence)

    def defer(self, reason: str, /, *, until: datetime, **evidence: Any) -> Finding:
        """No call before ``until``."""
        return Finding(
            rule=self.id,
            verdict=Verdict.DEFER,
            reason=reason,
            source=self.source,
            evidence=evidence,
            defer_until=until,
        )
