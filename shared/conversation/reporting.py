"""What a conversation leaves for the report of its call."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, get_args

from shared.conversation.brief import CallBrief
from shared.conversation.report import (
    CancelledAppointment,
    HeardAs,
    ReportedAppointment,
    ReportedFact,
    ScoreReason,
    SpokenTurn,
)
from shared.conversation.score import score_of
from shared.conversation.script import script_of
from shared.conversation.state import ConversationState
from shared.kernel.errors import Malformed, NotFound

NOT_KEPT = "(not kept)"
"""What stands for the words of a person who did not want to be recorded."""
_HEARD: dict[str, HeardAs] = {heard: heard for heard in get_args(HeardAs)}


class ReportParts(TypedDict):
    """The fields of ``CallReport`` that follow from the conversation: ``CallReport(**report_parts(…), …)``."""

    script: str
    script_version: int
    script_fingerprint: str
    heard: HeardAs
    facts: tuple[ReportedFact, ...]
    objections: tuple[str, ...]
    opted_out: bool
    opt_out_words: str
    wrong_number: bool
    not_interested: bool
    has_agent: bool
    language_barrier: bool
    wants_person: bool
    left_message: bool
    transferred_to: str | None
    disqualified_because: str | None
    callback_at: datetime | None
    appointment: ReportedAppointment | None
    cancelled: CancelledAppointment | None
    keeps_appointment: bool
    callback_language: str
    score: int | None
    score_reasons: tuple[ScoreReason, ...]
    off_the_record: bool


def report_parts(state: ConversationState, brief: CallBrief, *, turn_numbers: Sequence[int] = ()) -> ReportParts:
    """What to report of the conversation.

    Args:
        state: Where it ended.
        brief: The call's brief.
        turn_numbers: The transcript's number of each turn of the caller, first to last; facts then cite those
            instead of counting the caller's turns from 1. A fact from an earlier talk cites turn 0.
    """
    facts = _facts(state, turn_numbers)
    by_field = {fact.field: fact for fact in facts}
    result = score_of(by_field, lead_kind=brief.lead_kind, has_subject=bool(brief.subject))
    return ReportParts(
        script=brief.script,
        script_version=brief.script_version,
        script_fingerprint=_fingerprint(brief),
        heard=_HEARD.get(state.heard, "nobody"),
        facts=facts,
        objections=state.objections,
        opted_out=state.opted_out,
        opt_out_words=state.opt_out_words,
        wrong_number=state.wrong_number,
        not_interested=state.not_interested,
        has_agent=state.has_agent,
        language_barrier=state.language_barrier,
        wants_person=state.wants_person,
        left_message=state.left_message,
        transferred_to=state.transferred_to,
        disqualified_because=state.disqualified_because,
        callback_at=state.callback_at,
        appointment=_appointment(state, brief),
        cancelled=_cancelled(state, brief),
        keeps_appointment=bool(state.standing and state.standing.is_of_earlier and state.chosen),
        callback_language=state.wants_callback_in,
        score=result.points if result else None,
        score_reasons=result.reasons if result else (),
        off_the_record=state.off_the_record,
    )


def _facts(state: ConversationState, turn_numbers: Sequence[int]) -> tuple[ReportedFact, ...]:
    """What they told, citing the transcript; without the words of somebody who did not want to be recorded."""
    return tuple(
        ReportedFact(
            field=fact.field,
            value=fact.value,
            turn=turn_numbers[fact.turn - 1] if 0 < fact.turn <= len(turn_numbers) else fact.turn,
            quote="" if state.off_the_record else fact.quote,
            confidence=fact.confidence,
        )
        for fact in state.facts.values()
    )


def kept_turns(turns: Sequence[SpokenTurn], state: ConversationState) -> tuple[SpokenTurn, ...]:
    """The turns as they may be kept: without the person's words where they did not want to be recorded."""
    if not state.off_the_record:
        return tuple(turns)
    return tuple(turn if turn.speaker == "agent" else turn.model_copy(update={"text": NOT_KEPT}) for turn in turns)


def _fingerprint(brief: CallBrief) -> str:
    """Of the words that the call was held with; empty where there were none."""
    try:
        return script_of(brief).fingerprint
    except (NotFound, Malformed):
        return ""


def _appointment(state: ConversationState, brief: CallBrief) -> ReportedAppointment | None:
    """The time that was agreed; one whose booking never answered counts as promised."""
    slot = state.chosen
    if slot is None or state.appointment_id is None:
        return None
    return ReportedAppointment(
        id=state.appointment_id,
        agent_id=slot.agent_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        timezone=brief.timezone,
        is_booked=state.is_booked,
        instead_of=state.moved_from,
    )


def _cancelled(state: ConversationState, brief: CallBrief) -> CancelledAppointment | None:
    """What they gave up; one whose cancelling never answered counts as promised."""
    if state.cancelled is None:
        return None
    slot = state.cancelled.slot
    return CancelledAppointment(
        id=state.cancelled.id,
        agent_id=slot.agent_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        timezone=brief.timezone,
        is_done=state.is_cancelled,
    )
