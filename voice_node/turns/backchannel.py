"""Words that only say "I am listening": they do not ask for the floor."""

from voice_node.turns.endings import rules_of_endings, words_of

MOST_WORDS = 4
ANSWERABLE_WORDS = 4
"""With so few words of ours unheard, "yeah" answers them."""


def is_backchannel(text: str, *, unheard_words: int) -> bool:
    """Whether ``text``, said over us with so many of our words still to come, lets us go on."""
    words = words_of(text)
    if not words or len(words) > MOST_WORDS or unheard_words < ANSWERABLE_WORDS:
        return False
    return all(word in rules_of_endings().listening for word in words)
