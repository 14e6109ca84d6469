"""An account at a carrier that is whatever it is said to be."""

from shared.reports.readiness import AccountFacts


class MemoryCarrierAccount:
    """``CarrierAccount`` with fixed facts."""

    def __init__(self, facts: AccountFacts | None = None) -> None:
        self.facts = facts or AccountFacts(status="active", kind="Full", numbers=())

    def look(self) -> AccountFacts:
        return self.facts
