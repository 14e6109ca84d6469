"""How much of the test sets is measured."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How thorough a run is.

    Every ``line_step``-th line of the test set is spoken, by so many voices over the clean line and over each bad one;
    ``timed`` sentences are timed at real pace. Turns with pauses and answerers are spoken by so many voices; every
    ``turn_step``-th turn and ``answerer_step``-th answerer is taken, after each of ``silences`` (s). Only where it
    ``meets_bars`` is it enough to hold the figures against their bars.
    """

    line_step: int
    clean_voices: int
    bad_voices: int
    timed: int
    turn_step: int
    turn_voices: int
    answerer_step: int
    answerer_voices: int
    silences: tuple[float, ...]
    meets_bars: bool = False


WHOLE = Effort(
    line_step=1, clean_voices=3, bad_voices=1, timed=16, turn_step=1, turn_voices=3, answerer_step=1,
    answerer_voices=1, silences=(0.0, 1.0, 2.0, 4.0), meets_bars=True,
)  # fmt: skip
QUICK = Effort(
    line_step=7, clean_voices=2, bad_voices=1, timed=3, turn_step=3, turn_voices=1, answerer_step=2,
    answerer_voices=1, silences=(1.0,),
)  # fmt: skip
