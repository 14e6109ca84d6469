"""The run in one value: what the screen, the page and ``report.json`` show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.cli.demo.findings import Finding, verdict
from shared.costs.pricing import ReferenceCall
from shared.kernel.money import ZERO, Money
from shared.reports.campaign_report import CampaignReport


@dataclass(frozen=True, kw_only=True)
class Result:
    """One demo run. Rates and seconds are ``None`` where nothing was measured.

    ``opt_out_seconds`` is, per person who asked us to stop, from the end of their words to the dead line.
    """

    report: CampaignReport
    findings: Sequence[Finding]
    word_error_rate: Mapping[str, float | None]
    opt_out_seconds: Mapping[str, float]
    seconds_to_first_ring: float | None
    reference: Mapping[str, ReferenceCall]
    imbalance: Money

    @property
    def failure(self) -> str | None:
        """Why the run failed, in one line."""
        if self.imbalance != ZERO:
            return f"the ledger is out of balance by {self.imbalance}"
        return verdict(self.findings)

    @property
    def as_expected(self) -> int:
        """How many leads ended as they should."""
        return sum(finding.as_expected for finding in self.findings)

    @property
    def verdict(self) -> str:
        """How the run went, in one line."""
        if self.failure:
            return f"Failed: {self.failure}"
        all_of_them = len(self.findings)
        if self.as_expected == all_of_them:
            return f"All {all_of_them} leads ended as they should."
        return f"{self.as_expected} of {all_of_them} leads ended as they should, which is enough."

    @property
    def cost(self) -> Mapping[str, Money | None]:
        """What an outcome costs, and the reference call in each tier."""
        totals = self.report.totals
        spent = {
            "per_dial": totals.per_dial_micro_usd,
            "per_connected_call": totals.per_connected_call_micro_usd,
            "per_appointment": totals.per_appointment_micro_usd,
        }
        return {
            **{name: None if micro_usd is None else Money(micro_usd) for name, micro_usd in spent.items()},
            **{f"reference_{tier}": call.total for tier, call in self.reference.items()},
        }

    def as_json(self) -> dict[str, Any]:
        """The content of ``report.json``."""
        totals = self.report.totals
        return {
            "at": self.report.at.isoformat(),
            "campaign": self.report.name,
            "passed": self.failure is None,
            "failure": self.failure,
            "leads": [_lead(finding) for finding in self.findings],
            "latency_ms": {
                name: {"p50": figures.p50, "p95": figures.p95}
                for name, figures in (("first_audio", totals.first_audio_ms), ("turn", totals.turn_ms))
            },
            "word_error_rate": self.word_error_rate,
            "opt_out_seconds": self.opt_out_seconds,
            "seconds_to_first_ring": self.seconds_to_first_ring,
            "cost_usd": {name: None if usd is None else float(usd.dollars()) for name, usd in self.cost.items()},
            "ledger_balanced": self.imbalance == ZERO,
        }


def _lead(finding: Finding) -> dict[str, Any]:
    line = finding.line
    return {
        "name": finding.persona.name,
        "disposition": finding.disposition,
        "expected": finding.persona.expected.disposition,
        "as_expected": finding.as_expected,
        "score": line.score,
        "attempts": line.attempts,
        "call_seconds": line.call_seconds,
        "cost_usd": float(finding.cost.dollars()),
        "appointment": line.appointment.starts_at.isoformat() if line.appointment else None,
        "next_action": finding.next_action,
        "reasons": list(finding.reasons),
    }
