"""Being put on hold: we wait silently, for a bounded time, and go on when a person is back."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from shared.kernel.yaml_text import read_yaml
from voice_node.turns.endings import Ends, classify, words_of
from voice_node.turns.silence import SilenceLadder

HOLD_SECONDS = 90.0
"""How long we wait for somebody who put us on hold before the silence is answered."""
THINKING_SECONDS = 20.0
"""How long for somebody who asked for a moment."""
SURELY_HUMAN_TURNS = 2
"""Before so many answered turns an announcement is a machine that answered, and not ours to wait for."""
_DATA = Path(__file__).parent / "data" / "on_hold.yaml"


class Phrases(BaseModel):
    """The phrases of the data file, as words in lower case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    announcements: tuple[str, ...]
    back: tuple[str, ...]
    asks_for_time: tuple[str, ...]


@cache
def phrases() -> Phrases:
    """The phrases, read once."""
    return Phrases.model_validate(read_yaml(_DATA.read_text(encoding="utf-8")))


class OnHold:
    """Knows whether we are on hold in one call, by music and by what is said; the silence ladder waits meanwhile."""

    def __init__(self, silence: SilenceLadder) -> None:
        self._silence = silence
        self._is_held = False
        self._is_music = False

    def music(self, *, is_playing: bool) -> None:
        """Music began, or has stopped."""
        self._is_music = is_playing
        if is_playing:
            self._hold()

    def swallows(self, text: str, *, answered: int) -> bool:
        """Whether ``text`` is nobody speaking to us, after so many ``answered`` turns of a person.

        What somebody does say to us starts the silence over.
        """
        if answered < SURELY_HUMAN_TURNS:
            self._silence.reset()
            return False
        if _has(text, phrases().announcements) or (self._is_music and not _has(text, phrases().back)):
            self._hold()
            return True
        self._is_held = False
        self._silence.reset()
        if classify(text) is Ends.THINKING or _begins(text, phrases().asks_for_time):
            self._silence.grant(THINKING_SECONDS)
        return False

    def _hold(self) -> None:
        """The time to wait is counted from when the hold began."""
        if not self._is_held:
            self._is_held = True
            self._silence.grant(HOLD_SECONDS)


def _has(text: str, wanted: tuple[str, ...]) -> bool:
    said = f" {' '.join(words_of(text))} "
    return any(f" {phrase} " in said for phrase in wanted)


def _begins(text: str, wanted: tuple[str, ...]) -> bool:
    return " ".join(words_of(text)).startswith(wanted)
