"""Where the sound of calls is kept."""

from datetime import timedelta
from typing import Protocol


class Recordings(Protocol):
    """Recordings by name, such as ``2026/11/22/<attempt>.wav``. Implemented by ``adapters.aws``.

    Each method raises ``Unavailable`` when they cannot be reached; all are safe to repeat.
    """

    def put(self, name: str, sound: bytes, *, media_type: str = "audio/wav") -> None:
        """Keep a recording; one that has the name already is replaced."""
        ...

    def get(self, name: str) -> bytes:
        """A recording.

        Raises:
            NotFound: There is none of that name.
        """
        ...

    def link(self, name: str, *, lasts: timedelta) -> str:
        """An address that needs no login, for as long as it ``lasts``; whether the recording exists is not asked."""
        ...

    def delete(self, name: str) -> None:
        """Forget a recording; one that is not there is fine."""
        ...
