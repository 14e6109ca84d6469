"""How the language models do, in numbers."""

from shared.metrics import Metric, count

STEPS_MS = (50, 200, 500, 1_000, 5_000)
"""Times are counted by the first of these that they stay within."""


class Meter:
    """Counts what becomes of questions."""

    def waited(self, seconds: float, *, is_live: bool) -> None:
        """A question got room, or gave up waiting for it."""
        count(Metric.MODEL_WAITS, kind="live" if is_live else "background", within=_step(seconds))

    def first_piece(self, seconds: float, *, is_live: bool) -> None:
        """The server began to answer, so long after it was asked."""
        count(Metric.MODEL_FIRST_TOKENS, kind="live" if is_live else "background", within=_step(seconds))

    def answered(self, purpose: str, result: str) -> None:
        """A question has its answer, or has none for the reason given."""
        count(Metric.MODEL_ANSWERS, purpose=purpose, result=result)

    def gave_way(self) -> None:
        """A background job made room for a live turn, and will begin anew."""
        count(Metric.MODEL_YIELDS)


def _step(seconds: float) -> str:
    return next((f"{step}ms" for step in STEPS_MS if seconds * 1_000 <= step), "longer")
