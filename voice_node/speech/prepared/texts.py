"""Which words of a script can be made before anybody is called, and which once it is known who is on the line."""

import re
from collections.abc import Iterator

from shared.conversation import CallBrief
from shared.conversation.phrasing import brief_values, filled
from shared.conversation.script import Script
from voice_node.speech.prepared.pieces import head_and_rest, sentences

VALUE = re.compile(r"\{(\w+)\}")
OF_THE_SELLER = frozenset({"seller_name", "assistant", "callback_number", "what", "agent"})
INBOUND = "greet_inbound"
SPANISH = "spanish_"
"""How the acts begin whose words are Spanish."""


def script_texts(script: Script) -> Iterator[str]:
    """Every sentence, and every first clause, that is the same in all calls."""
    for _, named, sentence in _templates(script):
        split = head_and_rest(sentence)
        if not named:
            yield sentence
        elif split is not None and not VALUE.search(split[0]):
            yield split[0]


def seller_texts(brief: CallBrief, script: Script) -> Iterator[str]:
    """Every sentence that names something about the seller, and is the same in all calls of that seller."""
    for act, named, template in _templates(script):
        if named and named <= OF_THE_SELLER:
            yield filled(template, brief_values(brief, script), act=act)


def person_texts(brief: CallBrief, script: Script) -> Iterator[str]:
    """The sentences of the greeting that name something about this person.

    Only these: most of what a script could say to a person is never said, and making it would cost what it saves.
    """
    values = brief_values(brief, script)
    for act, named, template in _templates(script):
        if _greets(act, brief) and not named <= OF_THE_SELLER and named <= values.keys():
            yield filled(template, values, act=act)


def spanish_texts(script: Script) -> frozenset[str]:
    """What is said in Spanish, each text whole."""
    return frozenset(
        " ".join(text.split()) for act, texts in script.templates() if act.startswith(SPANISH) for text in texts
    )


def _greets(act: str, brief: CallBrief) -> bool:
    """Whether this person may be greeted with it."""
    if brief.direction == "inbound":
        return act.startswith(INBOUND) or act == "identified"
    return act in {"greet" if brief.asked_at else "greet_undated", "is_this", "identified"}


def _templates(script: Script) -> Iterator[tuple[str, set[str], str]]:
    """Every sentence of a script in the agent's own language: its act, the values that it names, and itself."""
    for act, variants in script.templates():
        if act.startswith(SPANISH):
            continue
        for variant in variants:
            for template in sentences(variant):
                yield act, set(VALUE.findall(template)), template
