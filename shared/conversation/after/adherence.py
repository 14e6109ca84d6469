"""Whether a call kept to its script: what it had to ask, what it had to say, and what it should not have said."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from shared.campaigns.opening import announces_recording
from shared.conversation.after.analysis import AnalysisOrder, Asked, Duty, Violation
from shared.conversation.after.spoken_script import SpokenScript, openings_of
from shared.conversation.claims import DATE, FORBIDDEN, NAME, NUMBER, Evidence
from shared.conversation.report import CallReport, SpokenTurn
from shared.conversation.spoken import spoken_moment
from shared.conversation.understanding.normal import plain

_WRONG = frozenset({FORBIDDEN, NUMBER, DATE, NAME})
"""What is wrong once it was said; other rules keep a model short and to the point."""


def required_questions(order: AnalysisOrder) -> tuple[Asked, ...]:
    """What became of every question that must be dealt with before a time is offered.

    A call that ended before it came to that, for a reason of the caller's, owed none.
    """
    report, script = order.report, order.spoken_script()
    spoken = SpokenScript(script)
    told = {fact.field for fact in report.facts}
    ours = [turn.text for turn in report.turns if turn.speaker == "agent"]
    asked = {field for field in script.required if any(spoken.asks(field, text) for text in ours)}
    is_owed = report.appointment is not None
    found = []
    for field in script.required:
        how = "asked" if field in asked else "told" if field in told else "missing"
        if how != "missing" or is_owed:
            found.append(Asked.model_validate({"field": field, "how": how}))
    return tuple(found)


def duties(order: AnalysisOrder) -> tuple[Duty, ...]:
    """What had to be said in this call, and whether it was: to a person, in words that were heard."""
    report = order.report
    heard = " ".join(turn.text for turn in report.turns if turn.speaker == "agent")
    words = f" {plain(heard)} "
    found = [
        Duty(name="says who calls", is_said=f" {plain(order.seller_name)} " in words),
        Duty(name="says that it is a machine", is_said=any(f" {word} " in words for word in ("ai", "automated"))),
    ]
    if order.direction == "outbound":
        found.append(Duty(name="says how to stop it", is_said=" say stop " in words or " press 9 " in words))
    if report.recording_path is not None:
        found.append(Duty(name="says that it is recorded", is_said=announces_recording(heard)))
    if report.appointment is not None and report.appointment.is_booked:
        when = spoken_moment(report.appointment.starts_at, timezone=ZoneInfo(report.appointment.timezone))
        found.append(Duty(name="reads the appointment back", is_said=f" {plain(when)} " in words))
    if report.opted_out:
        found.append(Duty(name="confirms the opt-out", is_said=" list " in words or " not call " in words))
    return tuple(found)


def violations(order: AnalysisOrder, *, openings: Sequence[str] = ()) -> tuple[Violation, ...]:
    """Words of ours that are not the script's and that no model should have been let say.

    Args:
        order: The call.
        openings: Further texts that were said as they are.
    """
    return tuple(_violations(order, (*openings, *openings_of(order))))


def _violations(order: AnalysisOrder, openings: Sequence[str]) -> Iterator[Violation]:
    script = order.spoken_script()
    spoken = SpokenScript(script)
    scripted = [variant for _, variants in script.templates() for variant in variants]
    known = [order.subject, order.first_name, order.seller_name, *openings, *_moments(order.report)]
    for turn in order.report.turns:
        if turn.speaker == "agent":
            own = spoken.own_words(turn.text, opening=openings)
            evidence = Evidence(scripted, data=[*known, _without(own, turn.text)])
            for sentence in _whole(own, turn):
                for what in evidence.problems(sentence):
                    if what in _WRONG:
                        yield Violation(turn=turn.number, what=what, words=sentence)
        known.append(turn.text)


def _without(sentences: list[str], text: str) -> str:
    """What of a text is the script's."""
    for sentence in sentences:
        text = text.replace(sentence, " ")
    return text


def _whole(sentences: list[str], turn: SpokenTurn) -> list[str]:
    """The sentences that were said to their end: where somebody cut in, the last is half of one."""
    return sentences[:-1] if turn.interrupted else sentences


def _moments(report: CallReport) -> list[str]:
    appointment = report.appointment
    if appointment is None:
        return []
    return [spoken_moment(appointment.starts_at, timezone=ZoneInfo(appointment.timezone))]
