"""Which words of a script can be said before anybody calls, and which once it is known who is called."""

import re
from collections.abc import Iterator

from shared.conversation import CallBrief
from shared.conversation.phrasing import brief_values, filled
from shared.conversation.script import Script
from voice_node.speech.prepared.pieces import head_and_rest, sentences

VALUE = re.compile(r"\{(\w+)\}")


def script_texts(script: Script) -> Iterator[str]:
    """Every sentence, and every first clause, that is the same in all calls."""
    for _, variants in script.templates():
        for variant in variants:
            for sentence in sentences(variant):
                split = head_and_rest(sentence)
                if not VALUE.search(sentence):
                    yield sentence
                elif split is not None and not VALUE.search(split[0]):
                    yield split[0]


def call_texts(brief: CallBrief, script: Script) -> Iterator[str]:
    """Every sentence that names something about this person, and nothing that only the call will tell."""
    values = brief_values(brief, script)
    for act, variants in script.templates():
        for variant in variants:
            for template in sentences(variant):
                named = set(VALUE.findall(template))
                if named and named <= values.keys():
                    yield filled(template, values, act=act)
