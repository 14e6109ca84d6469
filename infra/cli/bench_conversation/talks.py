"""Callers of measured calls: they answer what they are asked, and now and then say something of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_TURNS = 24
ANYTHING = "i am not sure"
PLAIN: Mapping[str, str] = {
    "identity": "yes this is alex",
    "timeline": "in about two months",
    "motivation": "i have a new job in another state",
    "condition": "it is in good shape",
    "agent_status": "no",
    "agent_signed": "no nothing signed",
    "decision_makers": "yes i own it on my own",
    "price": "around four hundred thousand",
    "price_expectation": "around four hundred thousand",
    "financing": "i am pre approved",
    "area": "downtown",
    "bedrooms": "two bedrooms",
    "rent": "two thousand a month",
    "interest": "yes i am",
    "wish": "i want to sell",
    "slot": "the first one",
    "anything_else": "no that is all thank you",
    "callback_time": "tomorrow at five pm",
    "wrong_number_check": "yes wrong number",
}
"""What somebody without surprises says, by the question that waits."""


@dataclass(frozen=True, kw_only=True)
class Talk:
    """One caller. ``says_otherwise`` are own answers by question, ``says_at`` what they say in a turn (0 first)."""

    name: str
    script: str
    says_otherwise: Mapping[str, str] = field(default_factory=dict)
    says_at: Mapping[int, str] = field(default_factory=dict)

    def says(self, pending: str | None, turn: int) -> str:
        """What they say in this turn, when ``pending`` waits for its answer."""
        answers = {**PLAIN, **self.says_otherwise}
        return self.says_at.get(turn) or answers.get(pending or "", ANYTHING)


SELLER, BUYER, RENTER = "seller_home_value", "buyer_portal", "rental"

TALKS = (
    Talk(name="a seller who books", script=SELLER),
    Talk(
        name="a seller with questions",
        script=SELLER,
        says_otherwise={"decision_makers": "my wife decides with me", "slot": "what about thursday"},
        says_at={
            1: "are you a robot",
            2: "how did you get my number",
            4: "what is my house worth",
            11: "the second one",
            12: "the second one",
        },
    ),
    Talk(name="a seller who wants a call back", script=SELLER, says_at={1: "i am busy right now"}),
    Talk(name="a seller with an agent", script=SELLER, says_otherwise={"agent_status": "yes i have an agent"}),
    Talk(name="a seller who looks around", script=SELLER, says_otherwise={"timeline": "in a few years maybe"}),
    Talk(name="a buyer who books", script=BUYER, says_otherwise={"slot": "the second one"}),
    Talk(name="a buyer who wants a person", script=BUYER, says_at={3: "can i talk to a real person"}),
    Talk(name="a renter who books", script=RENTER),
    Talk(name="a renter who refuses the times", script=RENTER, says_otherwise={"slot": "neither works for me"}),
    Talk(name="somebody else", script=SELLER, says_otherwise={"identity": "no"}),
    Talk(name="who wants no calls", script=BUYER, says_at={2: "stop calling me"}),
    Talk(name="who makes no sense", script=SELLER, says_at={0: "hello", 1: "purple monkey dishwasher", 3: "blah"}),
)
