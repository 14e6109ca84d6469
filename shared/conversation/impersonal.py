"""What a model is told of an ordinary turn without anything of the person: its answer may be said to others.

Names, places, dates and whatever else belongs to one call stand as ``{first_name}`` and are filled in after; what the
caller said is told by what it does (they agreed, they were unsure), never in their words.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from shared.conversation.brief import CallBrief
from shared.conversation.moves import Line, Move
from shared.conversation.phrasing import NOBODY, brief_values, filled, variant_of
from shared.conversation.prompt_templates import PromptTemplate
from shared.conversation.script import Script
from shared.conversation.state import ConversationState
from shared.conversation.understanding.acts import Act
from shared.conversation.understanding.normal import plain
from shared.conversation.understanding.phrases import finders

OPEN_TO_ALL = frozenset({"seller_name", "assistant", "what"})
"""Values that say nothing of the person; every other one is a placeholder."""
_SHARED = ("ask.", "clarify.", "greet")
_SHARED_TOO = frozenset({"identified", "is_this", "no_matter"})
_ORDINARY_BEFORE = frozenset({"identified", "ack", "no_matter", "sorry", "as_i_asked"})

_MANNERS: Mapping[Act, str] = {
    Act.DONT_KNOW: "they did not know",
    Act.MAYBE: "they were not sure",
    Act.NO: "they said no",
    Act.YES: "they said yes",
    Act.THANK: "they thanked us",
}
"""What a turn does, as far as it bears on the tone of the next question. The first one counts."""
_ANSWERED, _SILENT = "they answered", "nothing"


@dataclass(frozen=True, kw_only=True)
class WordingKey:
    """Under what an answer is kept. ``seller`` and ``script`` bound who may hear it.

    ``exact`` is of the whole request, word for word; ``semantic`` of what it means: the lines by their acts, what came
    before, what the caller's turn did, the version of prompt and script. ``draw`` says which of several answers it is.
    """

    seller: str
    script: str
    exact: str
    semantic: str
    draw: int


@dataclass(frozen=True, kw_only=True)
class Impersonal:
    """A template's ``values`` without the person, and the ``places`` that their placeholders stand for."""

    values: Mapping[str, str]
    places: Mapping[str, str]
    key: WordingKey


def is_ordinary(move: Move, lines: Sequence[Line]) -> bool:
    """Whether the reply depends on nothing but the script: an opening or a question, after nothing out of the ordinary.

    After an objection, an answer or a hard reason the model is told the whole talk instead.
    """
    before = move.lines[: len(move.lines) - len(lines)]
    return all(_is_shared(line.act) for line in lines) and all(_is_plain_before(line.act) for line in before)


def impersonal(
    move: Move, lines: Sequence[Line], heard: str, *, brief: CallBrief, script: Script, template: PromptTemplate
) -> Impersonal:
    """What to tell a model of an ordinary turn, and the key to keep its answer under.

    Raises:
        Malformed: As ``phrasing.say``.
    """
    own = brief_values(brief, script)
    before = move.lines[: len(move.lines) - len(lines)]
    say, places = _open_text(lines, move.state, own, brief, script)
    spoken, _ = _open_text(before, move.state, own, brief, script)
    manner = manner_of(heard)
    values = {
        "assistant": own["assistant"],
        "seller_name": own["seller_name"],
        "what": script.what,
        "topic": script.subject,
        "subject": script.subject,
        "first_name": "the caller",
        "known": "not told here",
        "past": "not told here",
        "heard": f"({manner})",
        "before": spoken or "nothing",
        "say": say,
    }
    versions = [template.label, template.digest, script.fingerprint]
    meaning = [
        own["seller_name"],
        [line.act for line in lines],
        [line.act for line in before],
        manner,
        sorted(places),
    ]
    key = WordingKey(
        seller=brief.seller_id,
        script=script.name,
        exact=_hash(["exact", *versions, *template.worded({**values, "most_words": ""})]),
        semantic=_hash(["semantic", *versions, *meaning]),
        draw=crc32(f"{brief.attempt_id}|{lines[-1].act}".encode()) + move.state.turn,
    )
    return Impersonal(values=values, places=places, key=key)


def manner_of(heard: str) -> str:
    """What the caller's turn did, in words of ours."""
    words = plain(heard)
    if not words:
        return _SILENT
    known = finders("acts")
    return next((told for act, told in _MANNERS.items() if act in known and known[act].finds(words)), _ANSWERED)


def _is_shared(act: str) -> bool:
    return act in _SHARED_TOO or act.startswith(_SHARED)


def _is_plain_before(act: str) -> bool:
    return act in _ORDINARY_BEFORE or act.startswith("greet")


def _open_text(
    lines: Sequence[Line], state: ConversationState, own: Mapping[str, str], brief: CallBrief, script: Script
) -> tuple[str, dict[str, str]]:
    """What the lines say with placeholders for what is the person's, and what these stand for."""
    texts: list[str] = []
    places: dict[str, str] = {}
    for line in lines:
        mine = {**own, **line.values}
        hidden = {name: text if name in OPEN_TO_ALL or text == NOBODY else f"{{{name}}}" for name, text in mine.items()}
        text = filled(variant_of(line, state=state, brief=brief, script=script), hidden, act=line.act)
        places |= {name: mine[name] for name in mine if f"{{{name}}}" in text}
        texts.append(text)
    return " ".join(texts), places


def _hash(parts: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
