"""What a script's file has to say and to hear, each with the way to it; what is of another kind is left out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shared.conversation.script_lines import Place
from shared.conversation.understanding.phrases import PhraseList, finder
from shared.kernel.errors import Malformed


def spoken(own: Mapping[str, Any]) -> Iterator[tuple[Place, str, str]]:
    """Every phrase of a file: the way to it, its words, and the line that it is for."""
    for act, variants in _mapping(own.get("phrases")).items():
        yield from _each(("phrases", act), variants, act)
    for style, phrases in _mapping(own.get("openings")).items():
        for act, variants in _mapping(phrases).items():
            yield from _each(("openings", style, act), variants, act)
    for number, question in enumerate(_list(own.get("questions"))):
        about = _mapping(question)
        for part in ("ask", "clarify"):
            yield from _each(("questions", number, part), about.get(part), f"{part}.{about.get('field')}")
    for kind, objection in _mapping(own.get("objections")).items():
        yield from _each(("objections", kind, "reply"), _mapping(objection).get("reply"), f"objection.{kind}")
    for topic, entry in _mapping(own.get("knowledge")).items():
        yield from _each(("knowledge", topic, "answer"), _mapping(entry).get("answer"), f"knowledge.{topic}")


def heard_badly(own: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """What callers may say, where it is written so that nobody could find it, and why."""
    for at, said in _heard(own):
        for number, phrase in enumerate(_list(said)):
            try:
                finder(PhraseList(phrases=(str(phrase),)))
            except Malformed as error:
                yield (*at, number), str(error)


def named_in(phrases: Iterable[str]) -> frozenset[str]:
    """The values that phrases name in braces."""
    return frozenset(word.split("}")[0] for phrase in phrases for word in phrase.split("{")[1:])


def _heard(own: Mapping[str, Any]) -> Iterator[tuple[Place, object]]:
    for topic, entry in _mapping(own.get("knowledge")).items():
        yield ("knowledge", topic, "asked"), _mapping(entry).get("asked")
    for number, question in enumerate(_list(own.get("questions"))):
        for value, said in _mapping(_mapping(question).get("answers")).items():
            yield ("questions", number, "answers", value), said


def _each(at: Place, said: object, act: str) -> Iterator[tuple[Place, str, str]]:
    if isinstance(said, str):
        yield at, said, act
    for number, text in enumerate(_list(said)):
        if isinstance(text, str):
            yield (*at, number), text, act


def _mapping(value: object) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
