"""The scripted brain: lines by meaning become sentences, the same ones every time."""

import re
from collections.abc import Iterable, Mapping
from zlib import crc32
from zoneinfo import ZoneInfo

from shared.campaigns.opening import AGENT_NAME
from shared.conversation.brief import CallBrief
from shared.conversation.moves import Line
from shared.conversation.script import Script
from shared.conversation.spoken import spoken_month_day
from shared.conversation.state import ConversationState
from shared.kernel.errors import Malformed

NOBODY = "the person who asked"
"""Whom a phrase names where the name is not known."""
_VALUE = re.compile(r"\{(\w+)\}")
_UNSPEAKABLE = re.compile(r"[\[\]{}<>|*_#`]+")


def say(lines: Iterable[Line], *, state: ConversationState, brief: CallBrief, script: Script) -> tuple[str, ...]:
    """What is said for each line, in order.

    Where a phrase has variants they take turns, from one that the call chooses: the same state always says the same.

    Raises:
        Malformed: The script has no phrase for a line, or the line lacks a value that its phrase names.
    """
    return tuple(say_line(line, state=state, brief=brief, script=script) for line in lines)


def say_line(line: Line, *, state: ConversationState, brief: CallBrief, script: Script) -> str:
    """What is said for one line.

    Raises:
        Malformed: As for ``say``.
    """
    values = {**brief_values(brief, script), **line.values}
    return filled(variant_of(line, state=state, brief=brief, script=script), values, act=line.act)


def variant_of(line: Line, *, state: ConversationState, brief: CallBrief, script: Script) -> str:
    """The phrase of a line whose turn it is, its values not filled in.

    Raises:
        Malformed: The script has no phrase for the line.
    """
    variants = script.variants.get(line.act)
    if not variants:
        raise Malformed(f"script {script.name!r} has no phrase {line.act!r}")
    place = crc32(f"{brief.attempt_id}|{line.act}".encode()) + state.turn
    return variants[place % len(variants)]


def brief_values(brief: CallBrief, script: Script) -> dict[str, str]:
    """The values every phrase may name, from the brief. A missing name or place has a neutral word instead."""
    asked = brief.asked_at.astimezone(ZoneInfo(brief.timezone)) if brief.asked_at else None
    return {
        "first_name": speakable(brief.first_name) or NOBODY,
        "subject": speakable(brief.subject) or script.subject,
        "source": speakable(brief.source) or "our website",
        "asked_on": spoken_month_day(asked) if asked else "an earlier day",
        "seller_name": speakable(brief.seller_name),
        "assistant": AGENT_NAME,
        "callback_number": " ".join(brief.callback_number.removeprefix("+1")),
        "what": script.what,
        "agent": "our agent",
    }


def speakable(text: str) -> str:
    """Text from a lead's row without the signs that no voice can read."""
    return " ".join(_UNSPEAKABLE.sub(" ", text).split())


def filled(template: str, values: Mapping[str, str], *, act: str) -> str:
    """A phrase with its values.

    Raises:
        Malformed: A value that it names is missing.
    """
    missing = set(_VALUE.findall(template)) - values.keys()
    if missing:
        raise Malformed(f"the line {act!r} lacks {sorted(missing)}")
    if values["first_name"] == NOBODY:
        template = template.replace(", {first_name}", "")
    return _VALUE.sub(lambda match: values[match.group(1)], template)
