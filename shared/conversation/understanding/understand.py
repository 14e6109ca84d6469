"""One turn of the caller, read without a model."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.conversation.brief import CallBrief, OpenSlot
from shared.conversation.state import ConversationState, Stage
from shared.conversation.understanding.acts import Act, Understood
from shared.conversation.understanding.answers import of_last_question, of_read_back
from shared.conversation.understanding.choice import read_choice
from shared.conversation.understanding.dates import read_when, wished
from shared.conversation.understanding.fields import read_told
from shared.conversation.understanding.languages import speaks_spanish
from shared.conversation.understanding.must_hear import still_heard
from shared.conversation.understanding.normal import plain
from shared.conversation.understanding.phrases import Finder, finders

ACT_FILES = ("opt_out", "robot", "guards", "acts", "appointments")
"""The files of phrases that tell what a turn does."""

TIME_QUESTIONS = frozenset({"slot", "callback_time"})
"""The questions whose answer is a time."""

_SPEAK_OF_TIMES = frozenset({Act.CALL_LATER, Act.BUSY, Act.NOT_HERE, Act.WANTS_APPOINTMENT})
_OF_MACHINES = frozenset({Act.VOICEMAIL, Act.MAILBOX_FULL, Act.IVR, Act.SCREENING, Act.SCREENING_HOLD})
_ONLY_BEFORE_KNOWN = frozenset({Act.MOVED_AWAY, Act.NOT_HERE, Act.IDENTITY}) | _OF_MACHINES


def understand(
    text: str,
    *,
    state: ConversationState,
    brief: CallBrief,
    now: datetime,
    knowledge: Mapping[str, Finder] | None = None,
    also_asked: tuple[str, ...] = (),
) -> Understood:
    """Read what the caller just said.

    Args:
        text: As it was recognised: with or without punctuation, numbers as words or digits.
        state: Where the conversation stood before.
        brief: The call's brief; dates are read on its zone.
        now: The present moment, aware.
        knowledge: What finds questions that the script can answer, by topic.
        also_asked: Questions that were put in the same breath as the pending one.
    """
    words = plain(text)
    acts = _acts(words, state, brief)
    if speaks_spanish(text):
        acts |= {Act.SPANISH, Act.OTHER_LANGUAGE}
    timezone = ZoneInfo(brief.timezone)
    awaited = (*((state.pending,) if state.pending else ()), *also_asked)
    is_awaited = not TIME_QUESTIONS.isdisjoint(awaited)
    reads_time = is_awaited or not _SPEAK_OF_TIMES.isdisjoint(acts)
    when = None
    if reads_time:
        local_now, wish = now.astimezone(timezone), wished(words)
        when = read_when(wish, local_now=local_now, is_awaited=is_awaited) if wish != words else None
        acts = acts - {Act.NEITHER} | {Act.COUNTER} if when is not None else acts
        when = when or read_when(words, local_now=local_now, is_awaited=is_awaited)
    choice = None
    if state.pending == "slot":
        offered = [slot for slot in state.offered if slot.starts_at > now]
        choice = read_choice(acts, when, offered=offered, free=bookable(state, brief, now), timezone=timezone)
        acts = of_read_back(acts, when, offered=offered, timezone=timezone)
    if state.pending == "anything_else":
        acts = of_last_question(acts, words)
    return Understood(
        text=text,
        words=words,
        acts=acts,
        told=read_told(words, text, acts, awaited=awaited, today=now.astimezone(timezone).date()),
        when=when,
        choice=choice,
        knowledge=tuple(topic for topic, entry in (knowledge or {}).items() if entry.finds(words)),
    )


def bookable(state: ConversationState, brief: CallBrief, now: datetime) -> list[OpenSlot]:
    """The brief's slots that are still ahead and were not refused or taken, earliest first."""
    return sorted(
        (slot for slot in brief.slots if slot.starts_at > now and slot.starts_at not in state.refused_slots),
        key=lambda slot: slot.starts_at,
    )


def _acts(words: str, state: ConversationState, brief: CallBrief) -> frozenset[Act]:
    places = {
        Act(name): place
        for file in ACT_FILES
        for name, entry in finders(file).items()
        if (place := entry.last(words)) >= 0
    }
    acts = set(places) | still_heard(words, frozenset(places))
    if {Act.YES, Act.NO} <= acts:
        acts.discard(Act.YES if places[Act.NO] >= places[Act.YES] else Act.NO)
    if state.stage is not Stage.GREETING:
        acts -= _ONLY_BEFORE_KNOWN
    elif _names_the_person(words, brief) and Act.NO not in acts:
        acts.add(Act.IDENTITY)
    if brief.direction == "inbound":
        acts -= _OF_MACHINES
    return frozenset(acts)


def _names_the_person(words: str, brief: CallBrief) -> bool:
    first = plain(brief.first_name)
    return bool(first) and any(f"{lead} {first}" in words for lead in ("this is", "i am", "it is", "that is", "yes"))
