"""How promising a lead is: 0 to 100, each part with its reason and the turn it rests on."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.conversation.brief import CallBrief
from shared.conversation.report import ScoreReason
from shared.conversation.state import ConversationState, Fact

HOT_FROM = 70
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


@dataclass(frozen=True, kw_only=True)
class Score:
    """The points and what they are for. ``is_hot``: 70 or more, and a plan within three months."""

    points: int
    reasons: tuple[ScoreReason, ...]
    is_hot: bool


def score(state: ConversationState, brief: CallBrief) -> Score | None:
    """The score of what is known; ``None`` when the person told us nothing. What is unknown earns nothing."""
    if not state.facts:
        return None
    means = _home if brief.lead_kind == "seller" else _money
    reasons = (
        _part("timeline", 30, state.facts.get("timeline"), lambda value: (_TIMELINE[value], _TIMELINE_WORDS[value])),
        _part("motivation", 20, state.facts.get("motivation"), _motivation),
        means(state),
        _part("agent-free", 15, state.facts.get("agent_status"), lambda value: (_AGENT[value], value)),
        _clarity(state, brief),
    )
    points = sum(reason.points for reason in reasons)
    timeline = state.facts.get("timeline")
    return Score(
        points=points,
        reasons=reasons,
        is_hot=points >= HOT_FROM and timeline is not None and timeline.value in SOON,
    )


def _part(name: str, most: int, fact: Fact | None, worth: Callable[..., tuple[int, str]]) -> ScoreReason:
    if fact is None:
        return ScoreReason(name=name, points=0, most=most, why="not known")
    points, why = worth(fact.value)
    return ScoreReason(name=name, points=points, most=most, why=f"{why} (turn {fact.turn})")


def _motivation(value: dict[str, int]) -> tuple[int, str]:
    strength = value["strength"]
    return _MOTIVATION[strength], _MOTIVATION_WORDS[strength]


def _money(state: ConversationState) -> ScoreReason:
    return _part("financing", 20, state.facts.get("financing"), lambda value: (_FINANCING[value], value))


def _home(state: ConversationState) -> ScoreReason:
    """A seller brings no loan: what counts is a home that can be sold and who decides about it."""
    parts = []
    condition, deciders = state.facts.get("condition"), state.facts.get("decision_makers")
    if condition is not None:
        why = f"condition {_CONDITION_WORDS[condition.value]} (turn {condition.turn})"
        parts.append((_CONDITION[condition.value], why))
    if deciders is not None:
        alone = deciders.value == "self"
        why = f"{'decides alone' if alone else 'others decide too'} (turn {deciders.turn})"
        parts.append((10 if alone else 7, why))
    points = sum(points for points, _ in parts)
    return ScoreReason(name="home", points=points, most=20, why="; ".join(why for _, why in parts) or "not known")


def _clarity(state: ConversationState, brief: CallBrief) -> ScoreReason:
    """Whether it is known where, and for how much."""
    area = state.facts.get("area")
    place = 10 if area is not None or brief.subject else 0
    price = next((state.facts[f] for f in ("price", "rent", "price_expectation") if f in state.facts), None)
    rooms = state.facts.get("bedrooms")
    points = place + (5 if price or rooms else 0)
    known = [
        "asked about a place" if place else "",
        f"price named (turn {price.turn})" if price else "",
        f"rooms named (turn {rooms.turn})" if rooms and not price else "",
    ]
    return ScoreReason(
        name="location and price", points=points, most=15, why="; ".join(filter(None, known)) or "not known"
    )
