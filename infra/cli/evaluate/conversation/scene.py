"""From a scenario to what the voice node is told before the call: the brief, with an agent's free time."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from infra.cli.evaluate.conversation.scenario import CallPart, Scenario
from shared.appointments import Agent, Appointment, WorkingHours
from shared.campaigns import Seller
from shared.campaigns.opening import opening_text
from shared.campaigns.prompts import inbound_text
from shared.conversation import CallBrief, KnownFact, OpenSlot
from shared.conversation.offer import Offer
from shared.kernel.ids import AgentId, AppointmentId, AttemptId, CampaignId, LeadId, SellerId
from shared.leads import LeadKind

SELLER = Seller(id=SellerId("evaluation"), registered_name="Blue Oak Realty", callback_number="+15125550100")
WHO, WHOSE_PHONE, OUR_PERSON = LeadId("evaluation"), "+15125550142", "+15125550188"
WEEK = tuple(WorkingHours(weekday=day, opens=time(9), closes=time(17)) for day in range(5))
HALF_HOUR = timedelta(minutes=30)
LONGEST = timedelta(minutes=15)
TALKED_BEFORE = timedelta(days=3)
KINDS: Mapping[str, LeadKind] = {
    "buyer_portal": LeadKind.BUYER,
    "open_house": LeadKind.BUYER,
    "rental": LeadKind.RENTER,
}
"""What people want whom a script calls; the others are sellers."""


def maria(timezone: str) -> Agent:
    """The agent who keeps the appointments: Monday to Friday from nine to five on the person's clock."""
    return Agent(id=AgentId("maria"), seller_id=SELLER.id, name="Maria Lopez", timezone=timezone, hours=WEEK)


def brief_of(scenario: Scenario) -> CallBrief:
    """The brief of the scenario's call; the same each time."""
    call, now = scenario.call, scenario.on_clock(scenario.call.now)
    agent = maria(call.timezone)
    taken = [_taken(scenario.on_clock(start), call.timezone) for start in (*call.busy, *_booked(call))]
    return CallBrief(
        attempt_id=AttemptId(f"evaluation-{scenario.name}"),
        campaign_id=CampaignId("evaluation"),
        seller_id=SELLER.id,
        lead_id=WHO,
        seller_name=SELLER.registered_name,
        callback_number=SELLER.callback_number,
        agent_voice="en-us",
        script=scenario.script,
        opening_text=_first_words(call),
        opening_audio=b"",
        first_name=call.first_name,
        last_name=call.last_name,
        lead_kind=KINDS.get(scenario.script, LeadKind.SELLER),
        subject=call.subject,
        source=call.source,
        asked_at=None if call.asked_days_ago is None else now - timedelta(days=call.asked_days_ago),
        timezone=call.timezone,
        phone=WHOSE_PHONE,
        slots=Offer().slots([agent], taken, now=now),
        time_limit=LONGEST,
        direction=call.direction,
        known=tuple(_known(call.earlier)),
        spoken_at=now - TALKED_BEFORE if call.earlier else None,
        booked=next((_slot(scenario.on_clock(start), agent) for start in _booked(call)), None),
        transfer_to=OUR_PERSON if call.transfer else None,
        is_recorded=call.recorded,
    )


def _first_words(call: CallPart) -> str:
    if call.direction == "inbound":
        return inbound_text(SELLER.registered_name, recorded=call.recorded)
    return opening_text(SELLER, recorded=call.recorded)


def _booked(call: CallPart) -> tuple[datetime, ...]:
    return () if call.booked is None else (call.booked,)


def _known(earlier: Mapping[str, Any]) -> list[KnownFact]:
    return [KnownFact(field=name, value=value, quote=str(value)) for name, value in earlier.items()]


def _slot(start: datetime, agent: Agent) -> OpenSlot:
    starts = start.astimezone(ZoneInfo("UTC"))
    return OpenSlot(agent_id=agent.id, agent_name=agent.name, starts_at=starts, ends_at=starts + HALF_HOUR)


def _taken(start: datetime, timezone: str) -> Appointment:
    starts = start.astimezone(ZoneInfo("UTC"))
    return Appointment(
        id=AppointmentId(f"taken-{starts.isoformat()}"),
        seller_id=SELLER.id,
        agent_id=AgentId("maria"),
        lead_id=LeadId("somebody"),
        starts_at=starts,
        ends_at=starts + HALF_HOUR,
        timezone=timezone,
    )
