"""What the run showed: expected against seen, lead by lead."""

from collections.abc import Sequence
from dataclasses import dataclass

from infra.cli.looks import action, moment
from infra.simulator.people.persona import Persona
from shared.kernel.money import Money
from shared.reports.campaign_report import CampaignReport, LeadLine
from shared.reports.summarise import AttemptRecord, LeadRecord

MUST_HOLD = frozenset({"opted_out", "wrong_number", "deferred", "denied"})
"""Endings that are the law's, not taste: one that is missed fails the run."""
MAY_MISS = 1


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One lead: who it was, what came of it."""

    persona: Persona
    line: LeadLine
    attempts: tuple[AttemptRecord, ...]

    @property
    def disposition(self) -> str:
        """How the last call was closed; without a call, whether it was put off or refused."""
        if self.line.disposition:
            return self.line.disposition
        if not self.line.refused_because:
            return "open"
        return "deferred" if self.line.next_attempt_at else "denied"

    @property
    def as_expected(self) -> bool:
        """Whether the call ended as the persona says it should."""
        return self.disposition in (self.persona.expected.disposition, *self.persona.expected.or_else)

    @property
    def cost(self) -> Money:
        """What all attempts cost together."""
        return Money(self.line.cost_micro_usd)

    @property
    def appointment(self) -> str:
        """The agreed time on the person's own clock; empty when there is none."""
        agreed = self.line.appointment
        if agreed is None:
            return ""
        return moment(agreed.starts_at, agreed.timezone)

    @property
    def next_action(self) -> str:
        """What happens next with this lead, in words."""
        words = self.line.next_action.replace("_", " ")
        return f"{words} {self.line.next_attempt_at:%Y-%m-%d %H:%M} UTC" if self.line.next_attempt_at else words

    @property
    def next_step(self) -> str:
        """What happens next with this lead, for reading: on the person's own clock."""
        step, at = action(self.line.next_action), self.line.next_attempt_at
        return f"{step} {moment(at, self.persona.lead.timezone)}" if at else step

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why nobody rang, if nobody did."""
        return () if self.attempts else self.line.refused_because


def find(records: Sequence[LeadRecord], report: CampaignReport, personas: Sequence[Persona]) -> tuple[Finding, ...]:
    """One finding for every lead, in the order of the list."""
    people = {persona.phone: persona for persona in personas}
    return tuple(
        Finding(persona=people[record.lead.phone], line=line, attempts=record.attempts)
        for record, line in zip(records, report.leads, strict=True)
    )


def verdict(findings: Sequence[Finding]) -> str | None:
    """Why the run failed, in one line; ``None`` when it passed."""
    wrong = [finding for finding in findings if not finding.as_expected]
    is_unlawful = any(finding.persona.expected.disposition in MUST_HOLD for finding in wrong)
    if not is_unlawful and len(wrong) <= MAY_MISS:
        return None
    named = ", ".join(
        f"{one.persona.name} ({one.disposition} instead of {one.persona.expected.disposition})" for one in wrong
    )
    return f"{len(wrong)} of {len(findings)} ended otherwise than expected: {named}"
