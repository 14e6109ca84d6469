"""Decisions as JSON, with the facts they were taken from, so that they can be replayed years later."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, RowMapping, select

from shared.calls import Finding, Permission, Verdict
from shared.calls.replay import StoredPermission, facts_as_json, rule_version
from shared.kernel.ids import AttemptId, LeadId, SellerId
from shared.storage.tables import permissions


class SqlPermissionRecords:
    """``PermissionRecords`` over the ``permissions`` table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_lead(self, lead_id: LeadId) -> Sequence[StoredPermission]:
        query = select(permissions).where(permissions.c.lead_id == lead_id).order_by(permissions.c.id)
        with self._engine.connect() as db:
            return [
                StoredPermission(
                    at=row["at"],
                    verdict=Verdict(row["verdict"]),
                    findings=permission_of(row).findings,
                    facts=row["facts"],
                    rule_version=row["rule_version"],
                )
                for row in db.execute(query).mappings()
            ]


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
        "facts": facts_as_json(permission.facts) if permission.facts else None,
        "rule_version": rule_version(permission.facts) if permission.facts else None,
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
        "allowed_until": finding.allowed_until.isoformat() if finding.allowed_until else None,
    }


def _finding(kept: Mapping[str, Any]) -> Finding:
    deferred, allowed = kept["defer_until"], kept.get("allowed_until")
    return Finding(
        rule=kept["rule"],
        verdict=Verdict(kept["verdict"]),
        reason=kept["reason"],
        source=kept["source"],
        evidence=kept["evidence"],
        defer_until=datetime.fromisoformat(deferred) if deferred else None,
        allowed_until=datetime.fromisoformat(allowed) if allowed else None,
    )
