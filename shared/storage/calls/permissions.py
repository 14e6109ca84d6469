"""Decisions as JSON, with the facts they were taken from, so that they can be replayed years later."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, RowMapping, select

from shared.calls import Finding, Permission, Verdict
from shared.calls.replay import StoredPermission, facts_as_json, rule_version
from shared.kernel.ids import AttemptId, LeadId, SellerId
from shared.storage.engine import reading
from shared.storage.tables import call_attempts, permissions


class SqlPermissionRecords:
    """``PermissionRecords`` over the ``permissions`` table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of_lead(self, lead_id: LeadId) -> Sequence[StoredPermission]:
        return self._where(permissions.c.lead_id == lead_id)

    def of_attempt(self, attempt_id: AttemptId) -> Sequence[StoredPermission]:
        its_lead = select(call_attempts.c.lead_id).where(call_attempts.c.id == attempt_id)
        is_its = permissions.c.attempt_id == attempt_id
        return self._where(is_its & (permissions.c.lead_id == its_lead.scalar_subquery()))

    def _where(self, which: ColumnElement[bool]) -> Sequence[StoredPermission]:
        with reading(self._engine) as db:
            rows = db.execute(select(permissions).where(which).order_by(permissions.c.id)).mappings()
            return [stored_of(row) for row in rows]


def stored_of(row: RowMapping) -> StoredPermission:
    """The decision as it was kept."""
    return StoredPermission(
        at=row["at"],
        verdict=Verdict(row["verdict"]),
        findings=permission_of(row).findings,
        facts=row["facts"],
        rule_version=row["rule_version"],
    )


def permission_row(
    permission: Permission, *, lead_id: LeadId, seller_id: SellerId, attempt_id: AttemptId | None = None
) -> dict[str, Any]:
    """The row of ``permissions`` that keeps it."""
    return {"seller_id": seller_id, "lead_id": lead_id, "attempt_id": attempt_id, **kept_decision(permission)}


def kept_decision(permission: Permission) -> dict[str, Any]:
    """The decision itself, by columns."""
    return {
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
