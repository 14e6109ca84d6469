"""A decision taken again from the row it was kept in: by the law of its day, whatever the law says since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from shared.calls.decide import decide
from shared.calls.known import PermissionFacts
from shared.calls.permission import Finding, Permission, Verdict
from shared.campaigns.calling_hours import calling_hours, data_versions
from shared.kernel.errors import Malformed
from shared.kernel.ids import AttemptId, LeadId


class KeptFacts(BaseModel):
    """The facts as they are kept: one JSON object with its version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    known: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class StoredPermission:
    """A decision as it was kept. ``facts`` is the JSON object of ``facts_as_json``; old decisions have none."""

    at: datetime
    verdict: Verdict
    findings: tuple[Finding, ...]
    facts: Mapping[str, Any] | None
    rule_version: str | None


class PermissionRecords(Protocol):
    """Where decisions can be read as they were kept."""

    def of_lead(self, lead_id: LeadId) -> Sequence[StoredPermission]:
        """Every decision about a lead, oldest first."""
        ...

    def of_attempt(self, attempt_id: AttemptId) -> Sequence[StoredPermission]:
        """Every decision that was taken for an attempt, oldest first; none when there is no such attempt."""
        ...


@dataclass(frozen=True, kw_only=True)
class Replay:
    """The decision taken again. ``differing`` names the data that has another version now, with both versions."""

    permission: Permission
    is_same: bool
    rule_version_then: str
    rule_version_now: str
    differing: tuple[str, ...]


class NotReplayable(Malformed):
    """The decision was kept without its facts, or they cannot be read."""


def facts_as_json(facts: PermissionFacts) -> dict[str, Any]:
    """The facts as JSON values, with every rule row and clock that they hold."""
    return KeptFacts(known=_adapter().dump_python(facts, mode="json")).model_dump()


def facts_of_json(kept: Mapping[str, Any]) -> PermissionFacts:
    """The facts that ``facts_as_json`` told of.

    Raises:
        NotReplayable: They cannot be read.
    """
    try:
        return _adapter().validate_python(KeptFacts.model_validate(kept).known, strict=False)
    except ValidationError as error:
        raise NotReplayable(f"the facts of the decision cannot be read: {error.error_count()} faults") from error


def rule_version(facts: PermissionFacts) -> str:
    """The versions of all data that the decision is taken from, in one line."""
    versions = facts.law.versions if facts.law else {}
    return " ".join(f"{name}={versions[name]}" for name in sorted(versions))


def replay(stored: StoredPermission) -> Replay:
    """The same question again, from the row alone. Whether the answer is the same, finding by finding.

    Raises:
        NotReplayable: The decision was kept without its facts, or they cannot be read.
    """
    if stored.facts is None:
        raise NotReplayable("the decision was kept without its facts")
    facts = facts_of_json(stored.facts)
    permission = decide(facts, now=stored.at)
    then = dict(facts.law.versions) if facts.law else {}
    now = data_versions()
    return Replay(
        permission=permission,
        is_same=permission.verdict is stored.verdict and permission.findings == stored.findings,
        rule_version_then=rule_version(facts),
        rule_version_now=" ".join(f"{name}={now[name]}" for name in sorted(now)),
        differing=tuple(
            f"{name}: {then.get(name, 'none')} then, {now.get(name, 'none')} now"
            for name in sorted(then.keys() | now.keys())
            if then.get(name) != now.get(name)
        ),
    )


def by_todays_rules(stored: StoredPermission) -> Permission:
    """What the rule rows of today say of the same facts at the same moment: the person's states, the same signatures.

    Raises:
        NotReplayable: The decision was kept without its facts, or they cannot be read.
    """
    if stored.facts is None:
        raise NotReplayable("the decision was kept without its facts")
    facts = facts_of_json(stored.facts)
    if facts.law is not None:
        signed = [rule.signed for rule in facts.law.rules if rule.signed]
        law = calling_hours().law_for(facts.law.states, on=stored.at.date(), sign_offs=signed)
        facts = replace(facts, law=law)
    return decide(facts, now=stored.at)


@cache
def _adapter() -> TypeAdapter[PermissionFacts]:
    return TypeAdapter(PermissionFacts)
