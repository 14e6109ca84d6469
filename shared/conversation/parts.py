"""The parts of a call that was connected again, told as one."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import reduce
from typing import Any

from shared.conversation.report import CallReport, ReportedFact, ReportedUsage, ScoreReason, SpokenTurn

_WHAT_IS_SAID_ONCE = (
    "opted_out",
    "wrong_number",
    "not_interested",
    "has_agent",
    "language_barrier",
    "wants_person",
    "off_the_record",
)


def merged(parts: Sequence[CallReport]) -> CallReport | None:
    """The whole call, ``None`` when nothing was told of it.

    Nothing that an earlier part knows is lost; where two parts say different things the later one counts. ``part`` is
    the last one's.
    """
    told = sorted(parts, key=lambda each: each.part)
    return reduce(_joined, told) if told else None


def _joined(first: CallReport, then: CallReport) -> CallReport:
    count = len(first.turns)
    facts = {fact.field: fact for fact in first.facts}
    facts |= {fact.field: _moved_fact(fact, count) for fact in then.facts if fact.turn or fact.field not in facts}
    cancelled = then.cancelled or first.cancelled
    gone = then.cancelled.id if then.cancelled else None
    booked = [each for each in (first.appointment, then.appointment) if each and each.id != gone]
    return then.model_copy(
        update={
            "started_at": first.started_at,
            "heard": _heard(first, then),
            "first_audio_ms": first.first_audio_ms if first.first_audio_ms is not None else then.first_audio_ms,
            "turns": (*first.turns, *_moved(first, then)),
            "facts": tuple(facts.values()),
            "objections": tuple(dict.fromkeys((*first.objections, *then.objections))),
            **{name: getattr(first, name) or getattr(then, name) for name in _WHAT_IS_SAID_ONCE},
            "opt_out_words": first.opt_out_words or then.opt_out_words,
            "left_message": first.left_message or then.left_message,
            "transferred_to": then.transferred_to or first.transferred_to,
            "disqualified_because": then.disqualified_because or first.disqualified_because,
            "callback_at": then.callback_at or first.callback_at,
            "appointment": max(reversed(booked), key=lambda each: each.is_booked, default=None),
            "cancelled": cancelled,
            "keeps_appointment": (first.keeps_appointment or then.keeps_appointment) and cancelled is None,
            "callback_language": then.callback_language or first.callback_language,
            "score": first.score if then.score is None else then.score,
            "score_reasons": first.score_reasons if then.score is None else _moved_reasons(then, count),
            "versions": then.versions or first.versions,
            "voice_tiers": (*first.voice_tiers, *then.voice_tiers),
            "usage": _summed((*first.usage, *then.usage)),
            **_recordings(first, then),
        }
    )


def _heard(first: CallReport, then: CallReport) -> str:
    """A person who was heard once was there; otherwise what was heard last, if anything."""
    if "human" in (first.heard, then.heard):
        return "human"
    return first.heard if then.heard == "nobody" else then.heard


def _moved(first: CallReport, then: CallReport) -> Iterable[SpokenTurn]:
    """The later turns, numbered on and on the clock of the first stream."""
    later = (then.started_at - first.started_at).total_seconds()
    for number, turn in enumerate(then.turns, start=len(first.turns) + 1):
        yield turn.model_copy(
            update={
                "number": number,
                "started": round(turn.started + later, 3),
                "ended": round(turn.ended + later, 3),
            }
        )


def _moved_fact(fact: ReportedFact, count: int) -> ReportedFact:
    return fact.model_copy(update={"turn": fact.turn + count}) if fact.turn else fact


def _moved_reasons(then: CallReport, count: int) -> tuple[ScoreReason, ...]:
    """The reasons of the later part's score, citing the turns as they are numbered in the whole call."""
    return tuple(
        reason.model_copy(
            update={
                "evidence": tuple(
                    each.model_copy(update={"turn": each.turn + count}) if each.turn else each
                    for each in reason.evidence
                )
            }
        )
        for reason in then.score_reasons
    )


def _summed(usages: Iterable[ReportedUsage]) -> tuple[ReportedUsage, ...]:
    """One line for each thing that was used."""
    totals: dict[tuple[str, str, str], ReportedUsage] = {}
    for usage in usages:
        key = (usage.component, usage.vendor, usage.unit)
        known = totals.get(key)
        quantity = usage.quantity + (known.quantity if known else Decimal(0))
        totals[key] = usage.model_copy(update={"quantity": quantity})
    return tuple(totals.values())


def _recordings(first: CallReport, then: CallReport) -> dict[str, Any]:
    """Every recording of the call, none when they objected at any time; why one is gone, if one is."""
    purged = then if then.recording_purged_at else first
    gone = {
        "recording_purged_at": purged.recording_purged_at,
        "recording_purged_because": purged.recording_purged_because,
    }
    if first.off_the_record or then.off_the_record:
        return {"recording_path": None, "later_recordings": (), **gone}
    own = (then.recording_path,) if first.recording_path and then.recording_path else ()
    later = (*first.later_recordings, *own, *then.later_recordings)
    return {"recording_path": first.recording_path or then.recording_path, "later_recordings": later, **gone}
