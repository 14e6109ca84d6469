"""One turn of the caller while it lasts: what was recognised, how long they pause, and whether that ends it."""

from voice_node.turns.endings import Ends, Expected, classify
from voice_node.turns.voice_activity import WINDOW_SECONDS
from voice_node.turns.waiting import JUDGED_BY_EAR, LIKELY_ENDS, wait_seconds

EAGER_SECONDS = 0.064
"""After so much silence behind words that may be the last, a reply is worth preparing."""
MOST_EAGER = 3
LOOKS = (0.096, 0.224)
"""After so much silence the turn model is asked; again only while it is not sure and the turn not over."""
RECOGNISE_SECONDS = 0.2
"""After so much silence at most the recogniser is told that speech has stopped."""
FINAL_SECONDS, REST_SECONDS, UNHEARD_SECONDS = 0.7, 0.35, 1.2
"""How long, after that, its final words are waited for: when some are on their way, have all come, or none came."""
_SLACK = WINDOW_SECONDS / 2


class OpenTurn:
    """Counts in the sound's own time: a window of silence is 32 ms, however late it arrives.

    ``started`` is in seconds since the stream began; ``expected`` is what the question before asked for; ``pauses``
    counts the pauses that were none but breath, ``ends`` is how its words end so far, ``looks`` how
    often the model was asked about the present pause. A ``is_backchannel`` turn has left us the floor.
    """

    def __init__(self, started: float, *, expected: Expected = Expected.ANYTHING, has_voice: bool = True) -> None:
        self.started = started
        self.is_backchannel = False
        self.pauses = 0
        self.ends = Ends.UNHEARD
        self._expected = expected
        self._finals: list[str] = []
        self._interim = ""
        self._silent = 0.0
        self._stopped_at: float | None = None if has_voice else 0.0
        self._has_final = False
        self._probability: float | None = None
        self.looks = 0
        self._prepared = ""
        self._times_prepared = 0

    @property
    def text(self) -> str:
        """Everything recognised so far, final or not."""
        return " ".join(part for part in (*self._finals, self._interim) if part)

    @property
    def is_final(self) -> bool:
        """Whether the words before the present pause are final."""
        return self._has_final

    @property
    def silent_seconds(self) -> float:
        """How long the present pause has lasted."""
        return self._silent

    @property
    def wait_seconds(self) -> float:
        """How long the present pause has to last to end the turn."""
        return wait_seconds(self.ends, self._probability)

    def quiet(self) -> None:
        """A window of silence went by."""
        self._silent += WINDOW_SECONDS

    def goes_on(self) -> None:
        """The caller talks again: it was a pause."""
        self.pauses += 1
        self._silent = 0.0
        self._stopped_at = None
        self._has_final = False
        self._probability = None
        self.looks = 0
        self._prepared = ""

    def words(self, text: str, *, is_final: bool) -> None:
        """Something was recognised; a final text replaces the interim one that led to it."""
        if is_final:
            self._finals.append(text.strip())
        self._interim = "" if is_final else text.strip()
        self._has_final = is_final and self._stopped_at is not None
        self.ends = classify(self.text, self._expected)

    def sounds_over(self, probability: float | None) -> None:
        """The turn model's latest verdict on the present pause."""
        self._probability = probability

    def wants_verdict(self) -> bool:
        """Whether to ask the turn model now; it counts as asked."""
        due = self.looks < len(LOOKS) and self._silent + _SLACK >= LOOKS[self.looks]
        if not due or self.ends not in JUDGED_BY_EAR or self._silent >= self.wait_seconds:
            return False
        self.looks += 1
        return True

    def wants_stop(self) -> bool:
        """Whether the recogniser is to finish now; it counts as told."""
        if self._stopped_at is not None or self._silent + _SLACK < min(self.wait_seconds, RECOGNISE_SECONDS):
            return False
        self._stopped_at = self._silent
        return True

    def likely_text(self) -> str | None:
        """Words that are worth preparing a reply to now; a text is given once a pause."""
        text = self.text
        is_due = self._silent + _SLACK >= EAGER_SECONDS and self._times_prepared < MOST_EAGER
        if not is_due or not text or text == self._prepared or self.ends not in LIKELY_ENDS:
            return None
        self._times_prepared += 1
        self._prepared = text
        return text

    @property
    def is_over(self) -> bool:
        """Whether the pause has lasted long enough, and its words are there or will not come."""
        if self._stopped_at is None or self._silent + _SLACK < self.wait_seconds:
            return False
        if self._has_final:
            return True
        patience = FINAL_SECONDS if self._interim else REST_SECONDS if self._finals else UNHEARD_SECONDS
        return self._silent - self._stopped_at >= patience
