"""The people, sellers and campaigns of one simulated world, and what is true about them whatever the database says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from infra.cli.chaos.dial.faults import Dice
from infra.cli.chaos.dial.law import HOW_MANY, PLACES, Place
from shared.campaigns import Cadence, Campaign, CampaignState, Seller
from shared.kernel.ids import BudgetId, CampaignId, ConsentId, LeadId, SellerId
from shared.leads import Channel, Consent, Lead, LeadStatus

EVERYBODY = "all"
"""In the place of a seller or campaign that was switched off."""
SHARED_SHARE = 0.3
WITHOUT_CONSENT = 0.04
CHANGED_HANDS = 0.08
LISTED_IN_STATE = 0.1
FLORIDA = frozenset({"305", "850"})
LONG_AGO_DAYS = 60
"""So long that it has to be asked whether the number is still theirs."""
STARTS: Sequence[str] = (
    "2026-09-16T13:30:00+00:00",  # a Wednesday morning
    "2026-09-16T23:30:00+00:00",  # shortly before the first windows close
    "2026-09-18T21:00:00+00:00",  # a Friday evening; Saturday and Sunday follow
    "2026-10-31T20:00:00+00:00",  # the clocks go back the next morning, a Sunday
    "2027-03-13T20:00:00+00:00",  # the clocks go forward the next morning, a Sunday
)
WORDING = "I agree to calls with an artificial voice from {seller}."


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with a phone, and how they take calls: shares of answering, being busy, never hearing it."""

    phone: str
    place: Place
    answers: float
    busy: float
    gave_consent_days_ago: int = 2
    changed_hands: bool = False
    is_listed_in_state: bool = False


@dataclass
class Society:
    """One world's truth. Moments are those at which something became true."""

    start: datetime
    sellers: list[Seller]
    campaigns: list[Campaign]
    people: dict[str, Person]
    leads: list[Lead]
    consents: list[Consent]
    listed_since: dict[str, datetime] = field(default_factory=dict)
    stopped_since: dict[str, datetime] = field(default_factory=dict)
    switched_off_since: dict[str, datetime] = field(default_factory=dict)

    def allows(self, seller_id: str, phone: str, at: datetime) -> bool:
        """Whether the person let this seller call them with an artificial voice, then."""
        theirs = [each for each in self.consents if each.phone == phone and each.seller_id == seller_id]
        return any(each.obtained_at <= at and (each.revoked_at is None or at <= each.revoked_at) for each in theirs)

    def campaign(self, campaign_id: str) -> Campaign:
        """The campaign as it was made."""
        return next(each for each in self.campaigns if each.id == campaign_id)


class Ids:
    """Ids in the form of UUIDs, the same ones for the same seed."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice

    def __call__(self) -> str:
        """The next id."""
        digits = f"{self._dice.bits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-7{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


def make_society(dice: Dice, people: int) -> Society:
    """Two sellers, three campaigns, people of all places; some are known to several campaigns."""
    start, new_id = datetime.fromisoformat(dice.one_of(STARTS)), Ids(dice)
    sellers = [
        Seller(id=SellerId(new_id()), registered_name=name, callback_number=f"+1512555{number:04d}")
        for number, name in enumerate(("Hill Country Homes LLC", "Lakeside Realty Inc"), start=100)
    ]
    campaigns = [_campaign(dice, new_id, sellers[number // 2], number, start) for number in range(3)]
    society = Society(start=start, sellers=sellers, campaigns=campaigns, people={}, leads=[], consents=[])
    for number in range(people):
        place = _place(dice)
        phone = f"+1{place.area_code}234{number:04d}"
        society.people[phone] = _person(dice, phone, place)
        first = dice.whole(0, 2)
        theirs = {first, dice.whole(0, 2)} if dice.happens(SHARED_SHARE) else {first}
        due_at = start + timedelta(seconds=dice.whole(0, 6 * 3600))
        for each in sorted(theirs):
            add_lead(society, campaigns[each], society.people[phone], dice, due_at=due_at)
    return society


def _person(dice: Dice, phone: str, place: Place) -> Person:
    days = dice.one_of((2, LONG_AGO_DAYS))
    return Person(
        phone=phone,
        place=place,
        answers=dice.between(0.2, 0.8),
        busy=dice.between(0, 0.3),
        gave_consent_days_ago=days,
        changed_hands=days == LONG_AGO_DAYS and dice.happens(CHANGED_HANDS),
        is_listed_in_state=place.area_code in FLORIDA and dice.happens(LISTED_IN_STATE),
    )


def _place(dice: Dice) -> Place:
    fallen = dice.whole(1, sum(HOW_MANY))
    for place, many in zip(PLACES, HOW_MANY, strict=True):
        fallen -= many
        if fallen <= 0:
            return place
    return PLACES[0]


def _campaign(dice: Dice, new_id: Ids, seller: Seller, number: int, start: datetime) -> Campaign:
    hours = timedelta(hours=1)
    quick = {"no_answer": hours, "busy": hours / 4, "voicemail": 2 * hours, "hung_up_early": hours}
    delays = quick | {"screened": 3 * hours, "failed_technical": hours / 6}
    return Campaign(
        id=CampaignId(new_id()),
        seller_id=seller.id,
        name=f"campaign {number}",
        script="seller_home_value",
        voice="en-us+f2",
        caller_id=f"+151255501{number:02d}",
        budget_id=BudgetId(new_id()),
        state=CampaignState.RUNNING,
        max_concurrency=dice.whole(3, 16),
        time_limit=timedelta(minutes=dice.whole(2, 5)),
        cadence=Cadence(max_attempts=dice.whole(4, 8), max_per_day=dice.whole(2, 4), delays=delays),
        created_at=start - timedelta(days=1),
    )


def add_lead(society: Society, campaign: Campaign, person: Person, dice: Dice, *, due_at: datetime) -> None:
    """Make the person a lead of the campaign, mostly with their consent."""
    new_id, phone = Ids(dice), person.phone
    society.leads.append(
        Lead(
            id=LeadId(new_id()),
            seller_id=campaign.seller_id,
            campaign_id=campaign.id,
            phone=phone,
            first_name="Pat",
            timezone=person.place.timezone,
            state=person.place.state,
            status=LeadStatus.READY,
            next_attempt_at=due_at,
            created_at=society.start - timedelta(hours=1),
        )
    )
    if dice.happens(WITHOUT_CONSENT) or society.allows(campaign.seller_id, phone, society.start):
        return
    seller = next(each for each in society.sellers if each.id == campaign.seller_id)
    society.consents.append(
        Consent(
            id=ConsentId(new_id()),
            seller_id=seller.id,
            phone=phone,
            channels=frozenset({Channel.AI_VOICE}),
            text=WORDING.format(seller=seller.registered_name),
            method="web form",
            source_url="https://example.com/form",
            obtained_at=society.start - timedelta(days=person.gave_consent_days_ago),
        )
    )
