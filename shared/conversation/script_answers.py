"""Answers that a script itself says how to understand, beside those that are understood in every call."""

from dataclasses import replace

from shared.conversation.script import Script
from shared.conversation.script_parts import Question
from shared.conversation.understanding.acts import Act, Told, Understood

_NO_ANSWER = frozenset({Act.REPEAT, Act.WAIT, Act.DONT_KNOW, Act.WHO_ARE_YOU, Act.ROBOT_QUESTION, Act.HOW_GOT_NUMBER})
FROM_CONTEXT = 0.9


def with_own_answers(understood: Understood, script: Script, *, pending: str | None) -> Understood:
    """The turn, with what the script's own questions make of it. What is understood anyhow stays as it is.

    Args:
        understood: The turn as every call understands it.
        script: The call's script.
        pending: The question that waits for its answer.
    """
    told = {
        question.field: answer
        for question in script.questions
        if question.reads_itself and question.field not in understood.told
        if (answer := _answer(question, understood, script, is_awaited=question.field == pending)) is not None
    }
    return replace(understood, told={**understood.told, **told}) if told else understood


def _answer(question: Question, understood: Understood, script: Script, *, is_awaited: bool) -> Told | None:
    if not (is_awaited or question.volunteered) or understood.acts & _NO_ANSWER:
        return None
    for value, said in script.answers[question.field].items():
        if said.finds(understood.words):
            return Told(value=value)
    if not is_awaited:
        return None
    if question.on_yes is not None and understood.has(Act.YES):
        return Told(value=question.on_yes, confidence=FROM_CONTEXT)
    if question.on_no is not None and understood.has(Act.NO, Act.POLITE_NO):
        return Told(value=question.on_no, confidence=FROM_CONTEXT)
    return None
