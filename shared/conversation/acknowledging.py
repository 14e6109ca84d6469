"""Acknowledgements: what was just told is met as it was meant, and never in the same words twice in a row."""

from collections.abc import Mapping
from typing import Any

from shared.conversation.moves import Line, Move
from shared.conversation.script import Script
from shared.conversation.state import ConversationState
from shared.conversation.topics import changed, exact, free, prefixed
from shared.conversation.understanding import Told, Understood
from shared.conversation.understanding.phrases import finders

_HARD_REASON = 3
_GOOD_NEWS = {"condition": frozenset({3}), "financing": frozenset({"cash", "preapproved"})}
_MONEY = ("price", "price_expectation", "rent")
_ROOMS = ("a studio", "one bedroom", "two bedrooms", "three bedrooms", "four bedrooms", "five bedrooms")
_MILLION, _THOUSAND = 1_000_000, 1_000
PLAIN, ALSO = "ack", "ack_also"


def acknowledged(following: Move, understood: Understood, script: Script) -> Move:
    """The move with an acknowledgement of what was told before it."""
    line = _line(following.state, understood, script)
    state = changed(following.state, acked=line.act, acked_turn=following.state.turn)
    return prefixed(Move(agent=following.agent, state=state, lines=following.lines, action=following.action), (line,))


def _line(state: ConversationState, understood: Understood, script: Script) -> Line:
    if (line := _fitting(understood)) is not None and not _was_just_said(line.act, state, script):
        return line
    return exact(ALSO) if _was_just_said(PLAIN, state, script) else free(PLAIN)


def _fitting(understood: Understood) -> Line | None:
    """What fits these words better than a plain acknowledgement."""
    told = understood.told
    tones = finders("tones")
    if "motivation" in told:
        if tones["hard"].finds(understood.words):
            return exact("ack_sorry")
        if tones["glad"].finds(understood.words):
            return exact("ack_glad")
        return free("ack_soft") if told["motivation"].value["strength"] >= _HARD_REASON else None
    if (echo := _echo(told)) is not None:
        return exact("ack_echo", echo=echo)
    is_good = any(name in told and told[name].value in good for name, good in _GOOD_NEWS.items())
    return exact("ack_good") if is_good else None


def _was_just_said(act: str, state: ConversationState, script: Script) -> bool:
    """Whether its turn has come round to the words that acknowledged something last: variants go by turns."""
    return state.acked == act and (state.turn - state.acked_turn) % len(script.variants[act]) == 0


def _echo(told: Mapping[str, Told]) -> str | None:
    """The number that was told, in words people use."""
    for name in _MONEY:
        if name in told:
            return _spoken_range(told[name].value, " a month" if name == "rent" else "")
    rooms = told["bedrooms"].value if "bedrooms" in told else None
    return _ROOMS[rooms] if rooms is not None and 0 <= rooms < len(_ROOMS) else None


def _spoken_range(value: Mapping[str, Any], unit: str) -> str:
    most = _spoken_amount(value["max"])
    if "min" not in value or value["min"] == value["max"]:
        return f"up to {most}{unit}"
    return f"{_spoken_amount(value['min'])} to {most}{unit}"


def _spoken_amount(dollars: int) -> str:
    """Dollars as they are said: "400 thousand", "1.2 million", "1850"."""
    if dollars >= _MILLION and dollars % (_MILLION // 100) == 0:
        return f"{dollars / _MILLION:g} million"
    if dollars >= 10 * _THOUSAND and dollars % _THOUSAND == 0:
        return f"{dollars // _THOUSAND} thousand"
    return str(dollars)
