"""People who wait for a call and may be rung: what dispatching and dialling is about."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from shared.campaigns import Campaign, CampaignState, Seller
from shared.campaigns.calling_plan import CallingPlan
from shared.campaigns.own_number import OwnNumber
from shared.costs import Budget
from shared.kernel.ids import BudgetId, CampaignId, ConsentId, LeadId, SellerId, new_id
from shared.kernel.money import Money
from shared.kernel.outbox import NewMessage
from shared.leads import Channel, Consent, Lead, LeadStatus
from shared.leads.registry import Registry, RegistryCopy
from shared.storage.campaigns import SqlCampaignRepository
from shared.storage.costs import SqlCostRepository
from shared.storage.engine import make_engine
from shared.storage.leads import SqlLeadRepository
from shared.storage.outbox import SqlOutbox
from shared.storage.own_numbers import SqlOwnNumberRepository
from shared.storage.registries import SqlRegistryRepository

OURS = "+15125550000"
FIRST_PHONE = 15_122_000_000
WORDS = "I agree to calls with an artificial voice from Lakeside Realty."


def make_ready(database_url: str, count: int, *, now: datetime) -> Campaign:
    """A running campaign that may ring ``count`` people at once. Needs an empty, migrated database."""
    engine = make_engine(database_url, pool_size=1)
    seller, budget, campaign = SellerId(new_id()), BudgetId(new_id()), CampaignId(new_id())
    campaigns = SqlCampaignRepository(engine)
    campaigns.add_seller(Seller(id=seller, registered_name="Lakeside Realty", callback_number=OURS))
    SqlCostRepository(engine).add_budget(Budget(id=budget, seller_id=seller, limit=Money.usd("1000000")))
    ours = Campaign(
        id=campaign,
        seller_id=seller,
        name="Waiting",
        script="seller_home_value",
        voice="en-us+f2",
        caller_id=OURS,
        budget_id=budget,
        state=CampaignState.RUNNING,
        max_concurrency=count,
        plan=CallingPlan(calls_per_minute=60 * count),
        created_at=now - timedelta(days=1),
    )
    campaigns.save(ours)
    SqlOwnNumberRepository(engine).save(OwnNumber(phone=OURS, seller_id=seller, added_at=now - timedelta(days=99)))
    take_registry(engine, now=now)
    engine.dispose()
    return ours


def take_registry(engine: Engine, *, now: datetime) -> None:
    """A fresh copy of the national registry, of nobody: without one every campaign is stopped."""
    registries = SqlRegistryRepository(engine)
    copy = RegistryCopy(id=new_id(), registry=Registry.NATIONAL, taken_on=now.date(), begun_at=now)
    registries.begin(copy)
    registries.finish(copy.id, at=now, is_empty=True)


def queue_up(database_url: str, campaign: Campaign, count: int, *, now: datetime) -> None:
    """Have ``count`` leads of the campaign wait for a call; they are due and may be rung."""
    engine = make_engine(database_url, pool_size=1)
    leads = [_lead(campaign.seller_id, campaign.id, number, now) for number in range(count)]
    SqlLeadRepository(engine).add(leads, [_consent(lead, now) for lead in leads])
    engine.dispose()


def ask_for_rounds(database_url: str, campaign_id: CampaignId, *, now: datetime) -> None:
    """Ask for one round of dispatching, as the end of a call does."""
    engine = make_engine(database_url, pool_size=1)
    SqlOutbox(engine).put([NewMessage(topic="dispatch", body={"campaign_id": campaign_id})], now)
    engine.dispose()


def _lead(seller: SellerId, campaign: CampaignId, number: int, now: datetime) -> Lead:
    return Lead(
        id=LeadId(new_id()),
        seller_id=seller,
        campaign_id=campaign,
        phone=f"+{FIRST_PHONE + number}",
        first_name="Ada",
        timezone="America/Chicago",
        state="TX",
        status=LeadStatus.READY,
        next_attempt_at=now - timedelta(hours=1),
        created_at=now - timedelta(days=1),
    )


def _consent(lead: Lead, now: datetime) -> Consent:
    return Consent(
        id=ConsentId(new_id()),
        seller_id=lead.seller_id,
        phone=lead.phone,
        channels=frozenset({Channel.AI_VOICE}),
        text=WORDS,
        method="web form",
        source_url="https://lakeside.example/value",
        obtained_at=now - timedelta(days=2),
    )
