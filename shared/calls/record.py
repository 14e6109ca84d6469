"""What the books hold about one lead when permission is asked, read as one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.calls.attempt import CallAttempt
from shared.calls.ports import CallFacts, CallRepository
from shared.calls.stops import StopSwitch
from shared.campaigns import Campaign
from shared.campaigns.own_number import OwnNumber, OwnNumberRepository
from shared.campaigns.ports import CampaignRepository
from shared.campaigns.sign_off import SignOff, SignOffRepository
from shared.costs import Budget
from shared.costs.ports import CostRepository
from shared.kernel.errors import NotFound
from shared.kernel.money import Money
from shared.leads import Consent, Lead, Suppression
from shared.leads.number_check import NumberCheck, NumberCheckRepository
from shared.leads.ports import ConsentRepository, SuppressionRepository
from shared.leads.registry import Listing, RegistryRepository


@dataclass(frozen=True, kw_only=True)
class Asked:
    """About whom, for which campaign. ``states`` (two letters) are those that the person may be in.

    ``since`` is how far back calls count, ``attempt`` the one that asks, ``caller`` (E.164) the number of ours that
    would be shown.
    """

    lead: Lead
    campaign: Campaign
    states: tuple[str, ...]
    since: datetime
    now: datetime
    attempt: CallAttempt | None = None
    caller: str | None = None


@dataclass(frozen=True, kw_only=True)
class LeadRecord:
    """The answer. ``earlier`` are the lead's attempts, oldest first, the one that asks among them.

    ``calls`` leaves that one out, ``live_in_campaign`` does not. ``budgets`` are ``None`` when the campaign's is gone;
    ``reserved`` is what the attempt holds; ``stops`` is ``None`` when the switches have to be asked themselves.
    """

    seller_name: str
    consents: tuple[Consent, ...]
    suppressions: tuple[Suppression, ...]
    listings: tuple[Listing, ...]
    check: NumberCheck | None
    sign_offs: tuple[SignOff, ...]
    earlier: tuple[CallAttempt, ...]
    calls: CallFacts
    live_in_campaign: int
    stops: tuple[StopSwitch, ...] | None = None
    budgets: tuple[Budget, ...] | None
    reserved: Money | None
    caller: OwnNumber | None
    caller_dials: int | None


class LeadRecords(Protocol):
    """Where all of this is read as one."""

    def about(self, asked: Asked) -> LeadRecord:
        """What the books hold.

        Raises:
            NotFound: The seller is gone, or the attempt that asks holds no money.
            Unavailable: They cannot be read.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class RecordsOfEach:
    """``LeadRecords`` from one repository after the other."""

    consents: ConsentRepository
    suppressions: SuppressionRepository
    registries: RegistryRepository
    number_checks: NumberCheckRepository
    sign_offs: SignOffRepository
    campaigns: CampaignRepository
    own_numbers: OwnNumberRepository
    calls: CallRepository
    costs: CostRepository

    def about(self, asked: Asked) -> LeadRecord:
        """What the books hold; see ``LeadRecords``."""
        phone, seller, attempt = asked.lead.phone, asked.campaign.seller_id, asked.attempt
        own = attempt.id if attempt else None
        caller = asked.caller
        return LeadRecord(
            seller_name=self.campaigns.seller(seller).registered_name,
            consents=tuple(self.consents.of_phone(phone)),
            suppressions=tuple(self.suppressions.of_phone(phone)),
            listings=tuple(self.registries.listings(phone, states=asked.states)),
            check=self.number_checks.of_phone(phone),
            sign_offs=tuple(each for each in self.sign_offs.of_seller(seller) if each.state in asked.states),
            earlier=tuple(self.calls.of_lead(asked.lead.id)),
            calls=self.calls.facts(phone, since=asked.since, apart_from=own),
            live_in_campaign=self.calls.live_in_campaign(asked.campaign.id),
            budgets=self._budgets(asked),
            reserved=self.costs.reservation(own).amount if own else None,
            caller=self.own_numbers.by_phone(caller) if caller else None,
            caller_dials=self.own_numbers.dials([caller], asked.since).get(caller, 0) if caller else None,
        )

    def _budgets(self, asked: Asked) -> tuple[Budget, ...] | None:
        try:
            return tuple(self.costs.budgets_for(asked.campaign, asked.now))
        except NotFound:
            return None
