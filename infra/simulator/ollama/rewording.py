"""What a sensible model says: the sentences marked SAY, in other words that mean the same."""

import re
from collections.abc import Sequence
from random import Random

from infra.simulator.ollama.protocol import ChatMessage

MARK = "SAY:"
SWAPS = (
    ("What is", "What's"), ("what is", "what's"), ("That is", "That's"), ("that is", "that's"), ("I am", "I'm"),
    ("I would", "I'd"), ("I will", "I'll"), ("Would you like", "Do you want"), ("would you like", "do you want"),
    ("Could you tell me", "Can you tell me"), ("could you tell me", "can you tell me"), ("Thank you", "Thanks"),
    ("Do you have", "Have you got"), ("do you have", "have you got"), ("How soon", "How quickly"),
    ("Are you looking", "Are you hoping"), ("roughly", "more or less"), ("about how", "roughly how"),
)  # fmt: skip
"""Ways to say the same; none touches a number, a day or a name."""
OPENERS = ("", "", "So, ", "Alright, ", "Well, ")
NOTHING = ("I see.", "Alright.", "Understood.")
_KEEPS_CAPITAL = re.compile(r"(?:I\b|I'|[A-Z]{2,}|(?:Mr|Mrs|Ms|Dr)\.)")
_ASKS_FIRST = re.compile(r"(?:What|How|Where|When|Which|Who|Do|Does|Are|Is|Would|Could|Can|Have|Has|Did)\b")


def marked(messages: Sequence[ChatMessage]) -> str:
    """What the model was told to say; empty when nothing is marked."""
    for message in reversed(messages):
        _, mark, say = message.content.rpartition(MARK)
        if mark and message.role != "assistant":
            return " ".join(say.split("\n\n")[0].split())
    return ""


def reworded(say: str, dice: Random) -> str:
    """The same in other words, as far as there are any."""
    if not say:
        return dice.choice(NOTHING)
    text = say
    for old, new in dice.sample(SWAPS, k=len(SWAPS)):
        text = re.sub(rf"\b{re.escape(old)}\b", new, text, count=1)
    opener = dice.choice(OPENERS)
    if opener and _ASKS_FIRST.match(text) and not _KEEPS_CAPITAL.match(text):
        text = opener + text[0].lower() + text[1:]
    return text
