"""Decisions as JSON, so that they can be read and replayed years later."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from shared.calls import Finding, Permission, Verdict
from shared.kernel.ids import AttemptId, LeadId, SellerId


def permission_row(
    permission: Permission, *, lead_id: LeadId, seller_id: SellerId, attempt_id: AttemptId | None = None
) -> dict[str, Any]:
    """The row of ``permissions`` that keeps it."""
    return {
        "seller_id": seller_id,
        "lead_id": lead_id,
        "attempt_id": attempt_id,
        "at": permission.at,
        "verdict": permission.verdict,
        "decisions": [_kept(finding) for finding in permission.findings],
    }


def permission_of(row: RowMapping) -> Permission:
    """The decision that a row tells of."""
    return Permission(at=row["at"], findings=tuple(_finding(kept) for kept in row["decisions"]))


def _kept(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "verdict": finding.verdict.value,
        "reason": finding.reason,
        "source": finding.source,
        "evidence": finding.evidence,
        "defer_until": finding.defer_until.isoformat() if finding.defer_until else None,
    }


def _finding(kept: Mapping[str, Any]) -> Finding:
    deferred = kept["defer_until"]
    return Finding(
        rule=kept["rule"],
        verdict=Verdict(kept["verdict"]),
        reason=kept["reason"],
        source=kept["source"],
        evidence=kept["evidence"],
        defer_until=datetime.fromisoformat(deferred) if deferred else None,
    )
