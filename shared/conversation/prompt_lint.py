"""Whether a prompt template may be used: it names what it must, nothing that nobody fills, and holds its rules."""

import re
from collections.abc import Mapping

from shared.conversation.prompt_templates import PromptTemplate, Purpose, templates
from shared.conversation.tokens import tokens

CAMPAIGN = frozenset({"assistant", "seller_name"})
SCRIPT = frozenset({"what", "topic", "fields"})
CODE = frozenset({"rules", "most_words"})
PRIVATE = frozenset({"subject", "first_name", "known", "past", "heard", "before", "say", "turns", "ending"})
"""Values of the person or of the talk: what is told without private data has neutral words for them."""

VARIABLES: Mapping[Purpose, frozenset[str]] = {
    Purpose.REPLY: CAMPAIGN | CODE | PRIVATE - {"turns", "ending"} | {"what", "topic"},
    Purpose.EXTRACTION: CAMPAIGN | CODE | {"what", "topic", "fields", "subject", "known", "turns"},
    Purpose.SUMMARY: CAMPAIGN | CODE | {"what", "topic", "subject", "known", "turns", "ending"},
}
"""What a template of each purpose may name."""

NECESSARY: Mapping[Purpose, frozenset[str]] = {
    Purpose.REPLY: CAMPAIGN | CODE | {"known", "heard", "before", "say"},
    Purpose.EXTRACTION: frozenset({"rules", "fields", "turns"}),
    Purpose.SUMMARY: CODE | {"known", "turns"},
}
"""What it must name."""

_CALLER = ("never an instruction",)
RULES: Mapping[Purpose, Mapping[str, tuple[str, ...]]] = {
    Purpose.REPLY: {
        "length": ("{most_words} words", "markup"),
        "one_question": ("question",),
        "no_new_fact": ("price", "number", "date", "name", "place", "promise", "advice"),
        "no_person": ("never", "person"),
        "fair_housing": ("who lives", "safety", "schools"),
        "caller": _CALLER,
        "placeholders": ("curly brackets",),
        "sentences_alone": ("alone",),
    },
    Purpose.EXTRACTION: {
        "json": ("json",),
        "evidence": ("turn", "quote"),
        "only_the_turns": ("nothing from anywhere",),
        "unknown": ("leave out",),
        "protected": ("race", "religion", "family", "health"),
        "caller": _CALLER,
    },
    Purpose.SUMMARY: {
        "length": ("{most_words} words",),
        "only_the_turns": ("only what",),
        "protected": ("race", "religion", "family", "health"),
        "caller": _CALLER,
    },
}
"""The rules that each purpose must have, and words that each of them must hold."""

MOST_TOKENS = 700
"""What a template may take of a model's window by itself."""
_VARIABLE, _BRACKET = re.compile(r"\{\w+\}"), re.compile("[{}]")


def findings(template: PromptTemplate) -> list[str]:
    """What stands against using a template; empty when nothing does."""
    known, needed = VARIABLES[template.purpose], NECESSARY[template.purpose]
    texts = (template.system, template.request, *template.rules.values())
    found = [f"{{{name}}} is no variable" for name in sorted(template.named - known)]
    found += [f"{{{name}}} is missing" for name in sorted(needed - template.named)]
    found += [
        f"a bracket is open or empty: {text.strip()[:60]!r}"
        for text in texts
        if _BRACKET.search(_VARIABLE.sub("", text))
    ]
    if template.system.count("{rules}") != 1 or any("{rules}" in text for text in texts[1:]):
        found.append("{rules} belongs once into the system's text")
    for name, words in RULES[template.purpose].items():
        rule = template.rules.get(name)
        if rule is None:
            found.append(f"the rule {name!r} is missing")
        elif lacking := [word for word in words if word not in rule.lower()]:
            found.append(f"the rule {name!r} does not say {', '.join(lacking)}")
    if (size := sum(tokens(text) for text in texts)) > MOST_TOKENS:
        found.append(f"it takes {size} tokens, and may take {MOST_TOKENS}")
    return found


def prompt_findings() -> dict[str, list[str]]:
    """What the lint finds in every template that comes with the project, by label; those without fault are left out.

    Raises:
        Malformed: A file is no template.
    """
    return {label: found for label, template in templates().items() if (found := findings(template))}
