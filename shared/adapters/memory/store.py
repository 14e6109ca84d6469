"""What the memory twins keep together, because transactions reach across rooms."""

from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from threading import RLock

from shared.adapters.memory.indexed import Indexed
from shared.appointments import Agent, Appointment
from shared.calls import CallAttempt, Direction, Permission
from shared.calls.desk import InboundDesk
from shared.calls.ports import ProviderEvent
from shared.calls.stops import StopScope, StopSwitch
from shared.calls.tasks import CallBackTask, TaskReason
from shared.campaigns import Campaign, CampaignMove, Opening, OwnNumber, Seller
from shared.campaigns.prompts import Prompt
from shared.campaigns.sign_off import SignOff
from shared.conversation import CallReport
from shared.conversation.after.analysis import CallAnalysis
from shared.conversation.score_history import GivenScore
from shared.conversation.script_versions import ScriptDraft, ScriptHead, ScriptVersion
from shared.costs import Alert, Budget, Charge, CostLine, LedgerTransaction, Reservation
from shared.costs.reconcile_usage import UsageCheck
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.kernel.outbox import NewMessage
from shared.leads import Consent, Lead, LeadStatus, Suppression
from shared.leads.lead import PLACE
from shared.leads.number_check import NumberCheck
from shared.leads.registry import RegistryCopy

OPEN = frozenset({LeadStatus.NEW, LeadStatus.READY, LeadStatus.CLAIMED, LeadStatus.IN_CALL})
"""Somebody who stands here waits for a call or is in one."""
SETTLED = frozenset({LeadStatus.QUALIFIED, LeadStatus.NOT_QUALIFIED, LeadStatus.NOT_INTERESTED, LeadStatus.INVALID})
"""Nobody is rung again who stands here, unless a call-back was promised."""


@dataclass
class Waiting:
    """A message and how far it got."""

    id: str
    message: NewMessage
    lease_until: datetime | None = None
    receives: int = 0
    dead_at: datetime | None = None
    error: str = ""
    available_at: datetime | None = None


def _ready_in(lead: Lead) -> str | None:
    return lead.campaign_id if lead.status is LeadStatus.READY else None


def _live_in(attempt: CallAttempt) -> str | None:
    return attempt.campaign_id if not attempt.is_over and attempt.direction is Direction.OUTBOUND else None


def hour_of(moment: datetime) -> int:
    """The hour that a moment lies in, counted from long ago."""
    return int(moment.timestamp()) // 3600


def _dialled_in(attempt: CallAttempt) -> tuple[str, int] | None:
    if attempt.dial_started_at is None or attempt.direction is not Direction.OUTBOUND:
        return None
    return attempt.campaign_id, hour_of(attempt.dial_started_at)


def _shown_in(attempt: CallAttempt) -> tuple[str, int] | None:
    return (attempt.caller_id, hour_of(attempt.dial_started_at)) if attempt.dial_started_at else None


def indexed_leads() -> Indexed[Lead]:
    """Leads by ``phone``, by ``campaign``, and those that are ready by the campaign they are ``ready_in``."""
    return Indexed(phone=lambda lead: lead.phone, campaign=lambda lead: lead.campaign_id, ready_in=_ready_in)


def indexed_attempts() -> Indexed[CallAttempt]:
    """Attempts by ``phone``, ``lead`` and ``sid``, and the ``live`` ones.

    Ours by the campaign that they are ``live_in``, by the campaign and hour that they were ``dialled_in``, and by our
    number and the hour in which it was ``shown_in`` a dial.
    """
    return Indexed(
        phone=lambda attempt: attempt.phone,
        lead=lambda attempt: attempt.lead_id,
        sid=lambda attempt: attempt.provider_sid,
        live=lambda attempt: None if attempt.is_over else True,
        live_in=_live_in,
        dialled_in=_dialled_in,
        shown_in=_shown_in,
    )


@dataclass
class MemoryStore:
    """One database, so to say. Whoever changes it holds ``lock`` and changes nothing before all checks are made."""

    lock: RLock = field(default_factory=RLock)
    sellers: dict[str, Seller] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    campaign_moves: dict[str, list[CampaignMove]] = field(default_factory=dict)
    openings: dict[tuple[str, str], Opening] = field(default_factory=dict)
    own_numbers: dict[str, OwnNumber] = field(default_factory=dict)
    leads: Indexed[Lead] = field(default_factory=indexed_leads)
    consents: Indexed[Consent] = field(default_factory=lambda: Indexed(phone=lambda consent: consent.phone))
    suppressions: list[Suppression] = field(default_factory=list)
    registry_copies: dict[str, RegistryCopy] = field(default_factory=dict)
    registry_numbers: dict[str, set[str]] = field(default_factory=dict)
    number_checks: dict[str, dict[datetime, NumberCheck]] = field(default_factory=dict)
    sign_offs: dict[tuple[str, str, datetime], SignOff] = field(default_factory=dict)
    attempts: Indexed[CallAttempt] = field(default_factory=indexed_attempts)
    dispositions: dict[str, str] = field(default_factory=dict)
    permissions: list[tuple[str, Permission]] = field(default_factory=list)
    decided: dict[str, list[Permission]] = field(default_factory=dict)
    events: dict[str, dict[tuple[str, str], ProviderEvent]] = field(default_factory=dict)
    stops: dict[tuple[StopScope, str | None], StopSwitch] = field(default_factory=dict)
    gate_decisions: set[tuple[str, bool]] = field(default_factory=set)
    budgets: dict[str, Budget] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)
    spending_limits: dict[str, Money] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    usage_checks: dict[tuple[date, str], UsageCheck] = field(default_factory=dict)
    cost_lines: dict[str, tuple[CostLine, ...]] = field(default_factory=dict)
    charges: dict[str, Charge] = field(default_factory=dict)
    transactions: dict[str, LedgerTransaction] = field(default_factory=dict)
    agents: dict[str, Agent] = field(default_factory=dict)
    appointments: dict[str, Appointment] = field(default_factory=dict)
    reports: dict[str, dict[int, CallReport]] = field(default_factory=dict)
    scores: dict[tuple[str, str], GivenScore] = field(default_factory=dict)
    analyses: dict[str, dict[datetime, CallAnalysis]] = field(default_factory=dict)
    prompts: dict[tuple[str, str, str], Prompt] = field(default_factory=dict)
    scripts: dict[str, ScriptHead] = field(default_factory=dict)
    script_versions: dict[tuple[str, int], ScriptVersion] = field(default_factory=dict)
    script_drafts: dict[str, ScriptDraft] = field(default_factory=dict)
    desks: dict[str, InboundDesk] = field(default_factory=dict)
    tasks: dict[str, CallBackTask] = field(default_factory=dict)
    messages: list[Waiting] = field(default_factory=list)

    def put_lead(self, lead: Lead, *, was: Lead | None = None) -> None:
        """Keep a lead, opted out for good once it is; with ``was`` only what differs from it.

        Raises:
            Conflict: No lead moves like that, this one is being called, or it moved since it was read as ``was``.
        """
        known = self.leads.get(lead.id)
        if was is not None:
            if known is None or any(getattr(known, name) != getattr(was, name) for name in PLACE):
                raise Conflict(f"lead {lead.id} is no longer {was.status.value}")
            told = {each.name: getattr(lead, each.name) for each in fields(Lead)}
            lead = replace(known, **{name: value for name, value in told.items() if value != getattr(was, name)})
        if known is not None and known.status is LeadStatus.OPTED_OUT:
            lead = opted_out(lead)
        if known is not None and known.status is not lead.status:
            self._check_move(known, lead)
        self.leads[lead.id] = lead

    def dialled(self, campaign_id: str, since: datetime) -> list[CallAttempt]:
        """The campaign's own attempts that were dialled at ``since`` or later."""
        first = hour_of(since)
        hours = [told for told in self.attempts.told("dialled_in") if told[0] == campaign_id and told[1] >= first]
        return [
            each
            for told in hours
            for each in self.attempts.where("dialled_in", told)
            if told[1] > first or (each.dial_started_at is not None and each.dial_started_at >= since)
        ]

    def is_worked_off(self, campaign_id: str) -> bool:
        """Whether the campaign has leads, none of which waits for a call or is in one."""
        theirs = self.leads.where("campaign", campaign_id)
        return bool(theirs) and not any(lead.status in OPEN for lead in theirs)

    def _check_move(self, known: Lead, lead: Lead) -> None:
        was, becomes = known.status, lead.status
        is_backward = becomes is LeadStatus.NEW or (becomes is LeadStatus.CLAIMED and was is not LeadStatus.READY)
        comes_back = becomes is LeadStatus.READY and was in SETTLED and lead.promised_at is None
        is_called = becomes is LeadStatus.READY and was in (LeadStatus.CLAIMED, LeadStatus.IN_CALL)
        is_called = is_called and any(not each.is_over for each in self.attempts.where("lead", lead.id))
        if is_backward or comes_back or is_called:
            raise Conflict(f"lead {lead.id} is {was.value} and cannot become {becomes.value}")

    def put_permission(self, permission: Permission, lead_id: str, attempt_id: str) -> None:
        """Keep a decision about an attempt."""
        self.permissions.append((lead_id, permission))
        self.decided.setdefault(attempt_id, []).append(permission)

    def put_messages(self, *messages: NewMessage, default: datetime | None = None) -> None:
        """Keep messages for whoever leases them."""
        for message in messages:
            self.messages.append(Waiting(id=new_id(), message=message, available_at=message.available_at or default))

    def add_task(
        self,
        attempt: CallAttempt,
        reason: TaskReason,
        *,
        due_at: datetime,
        now: datetime,
        language: str | None = None,
    ) -> None:
        """Leave a call-back task, one of its kind for each attempt."""
        if any((each.attempt_id, each.reason) == (attempt.id, reason) for each in self.tasks.values()):
            return
        task = CallBackTask(
            id=new_id(),
            seller_id=attempt.seller_id,
            lead_id=attempt.lead_id,
            attempt_id=attempt.id,
            phone=attempt.phone,
            reason=reason,
            due_at=due_at,
            made_at=now,
            language=language,
        )
        self.tasks[task.id] = task


def opted_out(lead: Lead) -> Lead:
    """The lead, never to be rung again."""
    return replace(lead, status=LeadStatus.OPTED_OUT, next_attempt_at=None)
