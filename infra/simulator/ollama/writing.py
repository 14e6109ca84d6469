"""What a model of a certain manner writes, decided before its first token: the same question has the same answer."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from infra.simulator.ollama.forms import as_text, filled
from infra.simulator.ollama.habits import OF_THE_FORM, OF_THE_PROTOCOL, Fault, Habits, Manner
from infra.simulator.ollama.lies import INVENTED, TOOLS, hallucinated, hostile
from infra.simulator.ollama.protocol import Asked, ChatMessage
from infra.simulator.ollama.rewording import marked, reworded

_TOKEN = re.compile(r"\s*\S{1,6}")
PROSE = "Sure! Here is what I found: the person seems interested."


@dataclass(frozen=True, kw_only=True)
class Written:
    """One answer.

    ``tokens`` are what is written, ``tool`` a tool that is called at the end. ``fault`` is a break of the protocol
    after ``faulty_after`` tokens, ``drops`` that the connection is lost there instead.
    """

    tokens: tuple[str, ...]
    reason: str = "stop"
    tool: str | None = None
    fault: Fault | None = None
    drops: bool = False
    faulty_after: int = 0


def written(asked: Asked, manner: Manner, habits: Habits) -> Written:
    """The answer of a model."""
    question = json.dumps([asked.model, [each.model_dump() for each in asked.said], asked.form], default=str)
    chosen = asked.options.seed if asked.options and asked.options.seed is not None else 0
    dice = Random(f"{habits.seed}:{chosen}:{question}")
    fault = _fault(asked, habits, dice) if manner is Manner.MALFORMED else None
    tokens = tuple(_TOKEN.findall(_text(asked, manner, fault, dice)))
    most = asked.options.num_predict if asked.options else -1
    is_cut = 0 <= most < len(tokens)
    tokens = tokens[:most] if is_cut else tokens
    return Written(
        tokens=() if fault is Fault.EMPTY else tokens,
        reason="length" if is_cut else "stop",
        tool=dice.choice(TOOLS) if manner is Manner.HOSTILE and not asked.form else None,
        fault=fault if fault in OF_THE_PROTOCOL else None,
        drops=manner is Manner.DYING,
        faulty_after=dice.randrange(1, len(tokens)) if len(tokens) > 1 else 0,
    )


def _fault(asked: Asked, habits: Habits, dice: Random) -> Fault:
    possible = [each for each in habits.faults if each in OF_THE_PROTOCOL or (asked.form and each in OF_THE_FORM)]
    return dice.choice(possible or [Fault.EMPTY])


def _text(asked: Asked, manner: Manner, fault: Fault | None, dice: Random) -> str:
    if asked.form:
        return _form(asked, manner, fault, dice)
    sensible = reworded(marked(asked.said), dice)
    if manner is Manner.HALLUCINATING:
        return hallucinated(sensible, dice)
    if manner is Manner.HOSTILE:
        return hostile(sensible, asked.said, dice)
    return sensible


def _form(asked: Asked, manner: Manner, fault: Fault | None, dice: Random) -> str:
    schema = asked.form if isinstance(asked.form, dict) else {"type": "object", "properties": {}}
    words = dice.choice(INVENTED) if manner in (Manner.HALLUCINATING, Manner.HOSTILE) else _last_words(asked.said)
    text = as_text(filled(schema, words=words, dice=dice))
    if fault is Fault.CUT_JSON:
        return text[: max(1, len(text) * 2 // 3)]
    if fault is Fault.WRONG_SCHEMA:
        return as_text({"answer": [text], "confidence": "high"})
    if fault is Fault.PROSE:
        return PROSE
    return text


def _last_words(messages: Sequence[ChatMessage]) -> str:
    said = [each.content for each in messages if each.role == "user"]
    return " ".join(said[-1].split()) if said else ""
