"""How long a pause must last before it ends the caller's turn: one table, one pure function.

Rows are how the words end, columns how likely the speech itself sounds over. Seconds of silence, as the voice
detector counts them: it begins to count some 70 ms after the last sound.
"""

from enum import StrEnum

from voice_node.turns.endings import Ends


class Sounds(StrEnum):
    """The turn model's verdict on a pause, in bands."""

    OVER = "over"
    LIKELY_OVER = "likely_over"
    DOUBTFUL = "doubtful"
    GOING_ON = "going_on"
    UNKNOWN = "unknown"


BANDS = ((0.85, Sounds.OVER), (0.5, Sounds.LIKELY_OVER), (0.2, Sounds.DOUBTFUL), (0.0, Sounds.GOING_ON))
"""The least probability of each band."""
_COLUMNS = (Sounds.OVER, Sounds.LIKELY_OVER, Sounds.DOUBTFUL, Sounds.GOING_ON, Sounds.UNKNOWN)


def _row(*seconds: float) -> dict[Sounds, float]:
    return dict(zip(_COLUMNS, seconds, strict=True))


WAITS: dict[Ends, dict[Sounds, float]] = {
    #                  over  likely doubtful going on unknown
    Ends.PLAIN: _row(0.12, 0.15, 0.16, 0.25, 0.16),
    Ends.WHOLE: _row(0.16, 0.19, 0.60, 0.90, 0.38),
    Ends.UNHEARD: _row(0.19, 0.19, 0.60, 0.90, 0.42),
    Ends.DICTATING: _row(1.10, 1.20, 1.40, 1.60, 1.30),
    Ends.OPEN: _row(1.10, 1.20, 1.50, 1.80, 1.40),
    Ends.THINKING: _row(3.00, 3.00, 3.00, 3.00, 3.00),
}
LIKELY_ENDS = frozenset({Ends.PLAIN, Ends.WHOLE})
"""After these words a reply is worth preparing before the pause has lasted long enough."""
JUDGED_BY_EAR = frozenset({Ends.WHOLE, Ends.UNHEARD})
"""After these words the model's verdict is worth its 50 ms of a processor."""


def band(probability: float | None) -> Sounds:
    """The verdict's band; ``None`` is no verdict."""
    if probability is None:
        return Sounds.UNKNOWN
    return next(sounds for least, sounds in BANDS if probability >= least)


def wait_seconds(ends: Ends, probability: float | None) -> float:
    """How much silence ends a turn whose words end like this and whose sound the model judged so."""
    return WAITS[ends][band(probability)]
