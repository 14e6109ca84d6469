"""Lines that a model has worded, in memory."""

from collections.abc import Sequence


class MemoryWordedLines:
    """``WordedLines`` in memory; nothing is forgotten."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, int], str] = {}

    async def get(self, under: Sequence[str], place: int) -> list[str | None]:
        return [self.kept.get((key, place)) for key in under]

    async def put(self, under: Sequence[str], place: int, text: str) -> None:
        self.kept.update(dict.fromkeys(((key, place) for key in under), text))
