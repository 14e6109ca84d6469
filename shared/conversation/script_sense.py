"""Whether a script makes sense as a whole: questions that can be answered, in an order that leads somewhere."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.conversation.routing import OBJECTIONS
from shared.conversation.script import Script
from shared.conversation.script_lines import Place
from shared.conversation.script_parts import Question
from shared.conversation.understanding.fields import YES_NO
from shared.conversation.understanding.phrases import field_finders

MEASURED = frozenset({"price", "rent", "price_expectation", "bedrooms", "area"})
"""What is read from numbers and places instead of phrases."""
TIMELINES = ("asap_0_1m", "1_3m", "3_6m", "6_12m", "12m+", "none")
Found = tuple[Place, str, bool]


def sense_problems(script: Script, own: Mapping[str, Any]) -> Iterator[Found]:
    """What is wrong with a script whose parts are all right: the place, the problem, and whether it is mere advice.

    Args:
        script: The whole script.
        own: What its own file has.
    """
    if not script.questions:
        yield ("questions",), "is empty: nothing would be found out", False
    before: set[str] = set()
    for number, question in enumerate(script.questions):
        at: Place = ("questions", number)
        yield from _question(script, question, at, before)
        before.add(question.field)
    for field in script.required:
        if field not in before:
            yield ("required",), f"requires {field!r}, and no question asks for it", False
    for field, reasons in script.disqualified.items():
        yield from _values(script, ("disqualified", field), field, tuple(reasons))
    for timeline in script.nurture_timelines:
        if timeline not in TIMELINES:
            yield ("nurture_timelines",), f"there is no timeline {timeline!r}: take {', '.join(TIMELINES)}", False
    for act in OBJECTIONS:
        if act not in script.objections:
            yield ("objections",), f"nothing is said to {act.value!r}", False
    for topic in own.get("knowledge") or {}:
        if script.knowledge[topic].answer.rstrip().endswith("?"):
            yield ("knowledge", topic, "answer"), "answers a question with a question", False


def known_values(script: Script, field: str) -> frozenset[str] | None:
    """The values that a field can have; ``None`` where they are numbers or words of the person."""
    if field in MEASURED or field == "motivation":
        return None
    values = set(field_finders().get(field, ())) | set(YES_NO.get(field, {}).values())
    values |= set(TIMELINES) if field == "timeline" else set()
    values |= {"informal", "unclear", "listed", "signed_agreement", "none"} if field == "agent_status" else set()
    question = script.question(field)
    if question is not None:
        values |= {value for value in (*question.answers, question.on_yes, question.on_no) if value is not None}
    return frozenset(values)


def _question(script: Script, question: Question, at: Place, before: set[str]) -> Iterator[Found]:
    if question.field in before:
        yield (*at, "field"), f"{question.field!r} is asked for twice", False
    if known_values(script, question.field) == frozenset():
        yield (*at, "field"), f"no answer about {question.field!r} is understood: give it answers", False
    for place, texts in (("ask", question.ask), ("clarify", (question.clarify,))):
        for number, text in enumerate(texts):
            here: Place = (*at, place, number) if place == "ask" else (*at, place)
            if not text.rstrip().endswith("?"):
                yield here, "asks nothing: a question ends with a question mark", False
            elif text.count("?") > 1:
                yield here, "asks two things at once", False
    if len(set(question.ask)) < 2:
        yield (*at, "ask"), "has one phrasing only: two or more sound less like a machine", True
    for field, values in question.only_when.items():
        here = (*at, "only_when", field)
        if field not in before:
            yield here, f"waits for {field!r}, which is not asked before", False
        yield from _values(script, here, field, values)


def _values(script: Script, at: Place, field: str, values: tuple[Any, ...]) -> Iterator[Found]:
    known = known_values(script, field)
    for value in values:
        if known is not None and str(value) not in known:
            yield at, f"{field!r} is never {value!r}: it can be {', '.join(sorted(known)) or 'nothing'}", False
