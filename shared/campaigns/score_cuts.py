"""From how many points on a lead is what: every campaign may say so."""

from dataclasses import dataclass

from shared.kernel.errors import Malformed

HIGHEST = 100


@dataclass(frozen=True, kw_only=True)
class ScoreCuts:
    """Points from 0 to 100. Below ``nurture_from`` nobody follows up; from ``hot_from`` on an agent rings at once.

    Raises:
        Malformed: They are no such points, or out of order.
    """

    hot_from: int = 70
    nurture_from: int = 25

    def __post_init__(self) -> None:
        """Refuse cuts that sort nobody."""
        if not 0 <= self.nurture_from <= self.hot_from <= HIGHEST:
            raise Malformed("score cuts: 0 to 100 points, and no more for the nurture than for the hot leads")
