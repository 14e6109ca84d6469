"""Analysing a call: everything that code can find out, to which a model may add words and overheard facts."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from shared.conversation.after.adherence import duties, required_questions, violations
from shared.conversation.after.analysis import AnalysisOrder, CallAnalysis, Finding, Sentiment, TurnMood
from shared.conversation.after.evidence import BELIEVED, Findings, ProposedFact, spoken_in, values_of
from shared.conversation.after.mood import label_of, mood_of, running
from shared.conversation.after.quality import measured
from shared.conversation.after.summary import Draft, checked_summary, plain_summary
from shared.conversation.reporting import NOT_KEPT
from shared.conversation.script import Script
from shared.conversation.understanding.normal import plain

_THIRD = 3


def analysed(order: AnalysisOrder, *, now: datetime) -> CallAnalysis:
    """What code finds out about a call.

    Raises:
        NotFound: There is no such script any more.
    """
    report = order.report
    quality = measured(report.turns)
    return CallAnalysis(
        attempt_id=report.attempt_id,
        analysed_at=now,
        disposition=order.disposition,
        summary=plain_summary(order),
        findings=_findings(order),
        sentiment=sentiment_of([(turn, text) for turn, text in said_by_caller(order).items()]),
        quality=quality.model_copy(
            update={
                "required": required_questions(order),
                "duties": duties(order) if report.heard == "human" else (),
                "violations": violations(order),
            }
        ),
    )


def in_words_of(
    analysis: CallAnalysis, order: AnalysisOrder, *, model: str, draft: Draft | None, findings: Findings | None
) -> CallAnalysis:
    """The analysis with what a model added and what holds of that; unchanged where nothing does."""
    summary = checked_summary(draft, order) if draft is not None else None
    overheard = _overheard(findings, analysis, order) if findings is not None else ()
    if summary is None and not overheard:
        return analysis
    return analysis.model_copy(
        update={
            "by": model,
            "summary": summary or analysis.summary,
            "findings": (*analysis.findings, *overheard),
        }
    )


def said_by_caller(order: AnalysisOrder) -> dict[int, str]:
    """The caller's own words by the number of their turn, where they were kept."""
    turns = order.report.turns
    return {turn.number: turn.text for turn in turns if turn.speaker == "caller" and turn.text != NOT_KEPT}


def sentiment_of(said: Sequence[tuple[int, str]]) -> Sentiment:
    """The mood through a call, from turns by their numbers."""
    mood, moods = 0.0, []
    for turn, text in said:
        mood = running(mood, text)
        if felt := mood_of(text):
            moods.append(TurnMood(turn=turn, mood=felt))
    part = max(len(said) // _THIRD, 1)
    return Sentiment(
        label=label_of(mood),
        mood=mood,
        began=_mean([mood_of(text) for _, text in said[:part]]),
        ended=_mean([mood_of(text) for _, text in said[-part:]]),
        turns=tuple(moods),
    )


def _findings(order: AnalysisOrder) -> tuple[Finding, ...]:
    """The facts of the call, each with whether its words are really in the transcript."""
    said = said_by_caller(order)
    return tuple(
        Finding(
            field=fact.field,
            value=fact.value,
            quote=fact.quote,
            turn=fact.turn,
            confidence=fact.confidence,
            is_literal=spoken_in(fact.quote, said) is not None,
        )
        for fact in order.report.facts
    )


def _overheard(findings: Findings, analysis: CallAnalysis, order: AnalysisOrder) -> tuple[Finding, ...]:
    """Facts that the call did not take in: of a field that the script asks for, in words that were really said."""
    said, script = said_by_caller(order), order.spoken_script()
    known = {each.field for each in analysis.findings}
    found: dict[str, Finding] = {}
    for each in findings.facts:
        turn = spoken_in(each.quote, said)
        is_asked_for = script.question(each.field) is not None and each.field not in known
        if turn is not None and is_asked_for and _is_value(each, script):
            found[each.field] = Finding(
                field=each.field, value=each.value, quote=each.quote, turn=turn, confidence=BELIEVED, source="model"
            )
    return tuple(found.values())


def _is_value(proposed: ProposedFact, script: Script) -> bool:
    """Whether it is one of the field's own values, or words of the quote itself."""
    values = values_of(proposed.field, script)
    if values:
        return proposed.value in values
    return bool(plain(proposed.value)) and plain(proposed.value) in plain(proposed.quote)


def _mean(moods: Sequence[float]) -> float:
    return round(sum(moods) / len(moods), 3) if moods else 0.0


def words_of(order: AnalysisOrder) -> Mapping[int, str]:
    """What a model may look for facts in: nothing, where the caller did not want to be recorded."""
    return {} if order.report.off_the_record else said_by_caller(order)
