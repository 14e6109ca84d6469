"""People with words of their own: a name, a street, an amount, a reason that nobody else has."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from shared.conversation import CallBrief, OpenSlot
from shared.kernel.ids import AgentId, AttemptId, CampaignId, LeadId, SellerId

NOW = datetime.fromisoformat("2026-11-22T16:00:00+00:00")
SCRIPTS = ("seller_home_value", "seller_home_value", "buyer_portal", "rental")
WORD = re.compile(r"[\w@]*\w")
_SYLLABLES = (
    "ka",
    "zo",
    "vel",
    "brim",
    "tur",
    "quo",
    "dax",
    "wen",
    "fip",
    "gru",
    "hob",
    "jil",
    "lym",
    "nok",
    "pax",
    "ryv",
)
_SIDEWAYS = (
    "I'm just looking really", "are you a robot", "how does this work", "what is your commission", "{reason}, you know",
    "sorry, can you say that again", "how much is my place on {street} worth", "what do you mean",
)  # fmt: skip
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "identity": ("yes", "yes this is {name}", "speaking", "yeah that's me", "this is {name} {last_name}", "yes it is"),
    "timeline": (
        "in two months", "within three months", "maybe in four months", "as soon as we can", "in about six months",
        "in two months, {reason} is waiting", "pretty soon I think",
    ),
    "motivation": (
        "we need more space", "I got a new job in {street}", "we are downsizing", "for {reason}", "just curious",
        "my daughter {spouse} moved away",
    ),
    "condition": (
        "it's in good shape", "it needs some work", "great, the roof was {amount} dollars", "good I think",
        "{reason} did the kitchen, it is good",
    ),
    "agent_status": ("no", "not yet", "no I don't", "no, only {last_name} asked me once"),
    "decision_makers": ("yes just me", "my wife {spouse} and I", "yes", "me and {spouse}"),
    "area": ("{street} and around", "near {reason}", "around {street} I think"),
    "price": ("up to {amount}", "about {amount} dollars", "four hundred thousand"),
    "rent": ("about two thousand", "two thousand a month"),
    "bedrooms": ("three", "two bedrooms", "three I think"),
    "financing": ("cash", "I am pre approved", "not yet"),
    "slot": ("the first one", "the second one please", "yes the first works"),
    "anything_else": ("no thank you", "no that's all", "nothing, say hello to {last_name}"),
    "callback_time": ("tomorrow at noon",),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whom a call is with. ``secrets`` are the words that only they may hear, in small letters."""

    brief: CallBrief
    words: Mapping[str, str]

    @property
    def secrets(self) -> frozenset[str]:
        """Every word of theirs that is nobody else's."""
        return frozenset(part.lower() for text in self.words.values() for part in text.split())

    def answer(self, topic: str | None, dice: Random) -> str:
        """What they say to a question; now and then something beside it."""
        said = dice.choice(ANSWERS.get(topic or "", ("yes", "okay")))
        if dice.random() < 0.06:
            said = dice.choice(_SIDEWAYS)
        return said.format_map(self.words)


def make_person(number: int, dice: Random) -> Person:
    """Somebody, the ``number``-th."""
    words = {name: _own_word(number, place) for place, name in enumerate(("name", "last_name", "street", "spouse"))}
    words |= {"reason": _own_word(number, 9).lower(), "amount": str(200_000 + 1_000 * number + dice.randrange(1_000))}
    return Person(brief=_brief(number, words, dice), words=words)


def _own_word(number: int, place: int) -> str:
    """A word that no other number and place makes."""
    parts, rest = [], number * 10 + place + 16**2
    while rest:
        rest, digit = divmod(rest, len(_SYLLABLES))
        parts.append(_SYLLABLES[digit])
    return "".join(parts).capitalize()


def _brief(number: int, words: Mapping[str, str], dice: Random) -> CallBrief:
    script = dice.choice(SCRIPTS)
    slots = tuple(_slot(NOW + timedelta(days=day, hours=hour)) for day in (1, 2, 3) for hour in (0, 3, 5))
    return CallBrief(
        attempt_id=AttemptId(f"worded-{number}"),
        campaign_id=CampaignId("worded"),
        seller_id=SellerId("worded"),
        lead_id=LeadId(f"worded-{number}"),
        seller_name="Hill Country Homes",
        callback_number="+15125550100",
        agent_voice="en-us",
        script=script,
        opening_text="",
        opening_audio=b"",
        first_name=words["name"],
        last_name=words["last_name"],
        lead_kind="seller" if script.startswith("seller") else "buyer",
        subject=f"{words['street']} Lane",
        source=f"{words['last_name']} Homes",
        asked_at=NOW - timedelta(days=2),
        timezone="America/Chicago",
        phone=f"+1512555{number % 10_000:04}",
        slots=slots,
        time_limit=timedelta(minutes=10),
    )


def _slot(starts_at: datetime) -> OpenSlot:
    return OpenSlot(
        agent_id=AgentId("worded"), agent_name="Maria", starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30)
    )
