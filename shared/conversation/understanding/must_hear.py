"""What must be heard whatever the recogniser makes of it: that no more calls are wished, and the robot question."""

from collections.abc import Collection

from shared.conversation.understanding.acts import Act
from shared.conversation.understanding.garbled import repaired
from shared.conversation.understanding.phrases import finders
from shared.conversation.understanding.second_ear import surely_heard

_FILES = {Act.OPT_OUT: "opt_out", Act.ROBOT_QUESTION: "robot"}


def asks_for_no_more_calls(words: str) -> bool:
    """Whether plain words, also with a word or two misheard, ask not to be called again."""
    finder = finders(_FILES[Act.OPT_OUT])[Act.OPT_OUT]
    return finder.finds(words) or Act.OPT_OUT in still_heard(words, frozenset())


def asks_for_robot(words: str) -> bool:
    """Whether plain words, also with a word or two misheard, ask if they talk to a machine."""
    finder = finders(_FILES[Act.ROBOT_QUESTION])[Act.ROBOT_QUESTION]
    return finder.finds(words) or Act.ROBOT_QUESTION in still_heard(words, frozenset())


def still_heard(words: str, known: Collection[Act]) -> frozenset[Act]:
    """What plain words say by the second ear, and once misheard sentences are put right, beyond what is ``known``."""
    if Act.OPT_OUT in known:
        return frozenset()
    found = set(surely_heard(words)) - ({Act.OPT_OUT} if _is_about_recording(words) else set())
    if (right := repaired(words)) != words:
        found |= {act for act, file in _FILES.items() if finders(file)[act].finds(right)}
    return frozenset(found - set(known))


def _is_about_recording(words: str) -> bool:
    return finders("guards")[Act.RECORDING_OBJECTION].finds(words)
