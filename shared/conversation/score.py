"""How promising a lead is: 0 to 100, each part with its reason, the turn it rests on, and the words of that turn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shared.campaigns.score_cuts import ScoreCuts
from shared.conversation.brief import CallBrief
from shared.conversation.report import ScoreEvidence, ScoreReason
from shared.conversation.state import ConversationState

RULES = "1"
"""Changes whenever the same facts would get other points."""
SOON = frozenset({"asap_0_1m", "1_3m"})
_TIMELINE = {"asap_0_1m": 30, "1_3m": 25, "3_6m": 15, "6_12m": 8, "12m+": 3, "none": 0}
_TIMELINE_WORDS = {
    "asap_0_1m": "within a month", "1_3m": "within three months", "3_6m": "in three to six months",
    "6_12m": "within a year", "12m+": "more than a year away", "none": "no plan",
}  # fmt: skip
_MOTIVATION = {0: 0, 1: 7, 2: 14, 3: 20}
_MOTIVATION_WORDS = {0: "no reason", 1: "curious", 2: "a good reason", 3: "a pressing reason"}
_FINANCING = {"cash": 20, "preapproved": 18, "needs_sell_first": 8, "talking": 10, "none": 3}
_AGENT = {"none": 15, "informal": 7, "unclear": 3, "listed": 0, "signed_agreement": 0}
_CONDITION = {0: 3, 1: 5, 2: 8, 3: 10}
_CONDITION_WORDS = {0: "very poor", 1: "needs work", 2: "good", 3: "excellent"}
_NOT_KNOWN = "not known"


class Known(Protocol):
    """A fact with its evidence, as the state and the report have it."""

    @property
    def value(self) -> Any:
        """A JSON value in the field's own unit."""
        ...

    @property
    def turn(self) -> int:
        """The turn it was told in."""
        ...

    @property
    def quote(self) -> str:
        """The words it was read from."""
        ...


Facts = Mapping[str, Known]


@dataclass(frozen=True, kw_only=True)
class Score:
    """The points and what they are for. ``is_hot``: as many as the campaign asks for, and a plan within months."""

    points: int
    reasons: tuple[ScoreReason, ...]
    is_hot: bool


def score(state: ConversationState, brief: CallBrief) -> Score | None:
    """The score of what is known in a call; ``None`` when the person told us nothing."""
    return score_of(state.facts, lead_kind=brief.lead_kind, has_subject=bool(brief.subject))


def score_of(facts: Facts, *, lead_kind: str, has_subject: bool, cuts: ScoreCuts | None = None) -> Score | None:
    """The score of some facts: the same for the same facts. What is unknown earns nothing, no facts have no score.

    Args:
        facts: What is known, by field.
        lead_kind: A seller is scored on the home, others on their money.
        has_subject: Whether they asked about a certain place.
        cuts: From how many points on a lead is hot; the usual ones unless given.
    """
    if not facts:
        return None
    reasons = (
        _part("timeline", 30, "timeline", facts, lambda value: (_TIMELINE[value], _TIMELINE_WORDS[value])),
        _part("motivation", 20, "motivation", facts, _motivation),
        _home(facts) if lead_kind == "seller" else _money(facts),
        _part("agent-free", 15, "agent_status", facts, lambda value: (_AGENT[value], value)),
        _clarity(facts, has_subject=has_subject),
    )
    points = sum(reason.points for reason in reasons)
    timeline = facts["timeline"].value if "timeline" in facts else None
    return Score(points=points, reasons=reasons, is_hot=is_hot(points, timeline, cuts or ScoreCuts()))


def is_hot(points: int, timeline: object, cuts: ScoreCuts) -> bool:
    """Whether somebody with so many points and such a plan is to be rung by an agent at once."""
    return points >= cuts.hot_from and timeline in SOON


def _part(name: str, most: int, field: str, facts: Facts, worth: Callable[..., tuple[int, str]]) -> ScoreReason:
    if field not in facts:
        return ScoreReason(name=name, points=0, most=most, why=_NOT_KNOWN)
    points, why = worth(facts[field].value)
    return ScoreReason(name=name, points=points, most=most, why=why, evidence=_evidence(facts, field))


def _evidence(facts: Facts, *fields: str) -> tuple[ScoreEvidence, ...]:
    known = [(field, facts[field]) for field in fields if field in facts]
    return tuple(ScoreEvidence(field=field, turn=fact.turn, quote=fact.quote) for field, fact in known)


def _motivation(value: dict[str, int]) -> tuple[int, str]:
    strength = value["strength"]
    return _MOTIVATION[strength], _MOTIVATION_WORDS[strength]


def _money(facts: Facts) -> ScoreReason:
    return _part("financing", 20, "financing", facts, lambda value: (_FINANCING[value], value))


def _home(facts: Facts) -> ScoreReason:
    """A seller brings no loan: what counts is a home that can be sold and who decides about it."""
    points, told = 0, []
    if "condition" in facts:
        condition = facts["condition"].value
        points += _CONDITION[condition]
        told.append(f"condition {_CONDITION_WORDS[condition]}")
    if "decision_makers" in facts:
        alone = facts["decision_makers"].value == "self"
        points += 10 if alone else 7
        told.append("decides alone" if alone else "others decide too")
    evidence = _evidence(facts, "condition", "decision_makers")
    return ScoreReason(name="home", points=points, most=20, why="; ".join(told) or _NOT_KNOWN, evidence=evidence)


def _clarity(facts: Facts, *, has_subject: bool) -> ScoreReason:
    """Whether it is known where, and for how much."""
    has_place = "area" in facts or has_subject
    price = next((field for field in ("price", "rent", "price_expectation") if field in facts), None)
    rooms = "bedrooms" if "bedrooms" in facts and price is None else None
    figure = price or rooms
    told = [
        "asked about a place" if has_place else "",
        "price named" if price else "",
        "rooms named" if rooms else "",
    ]
    return ScoreReason(
        name="location and price",
        points=(10 if has_place else 0) + (5 if figure else 0),
        most=15,
        why="; ".join(filter(None, told)) or _NOT_KNOWN,
        evidence=_evidence(facts, "area", *([figure] if figure else [])),
    )
