"""What is asked of a language model, for what, and how urgently."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol


class Purpose(StrEnum):
    """What an answer is for; each may have a model of its own."""

    REPLY = "reply"
    EXTRACTION = "extraction"
    SUMMARY = "summary"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One request to a model.

    ``messages`` are as Ollama takes them: ``{"role": "system" | "user" | "assistant", "content": …}``. ``most_tokens``
    is how much it may write, ``schema`` the JSON schema that its answer must have. ``seed`` makes an answer repeatable.
    """

    purpose: Purpose
    messages: tuple[Mapping[str, str], ...]
    most_tokens: int
    temperature: float = 0.0
    seed: int | None = None
    schema: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a sentence of a reply may take, a live turn wait for room, and a background job take in all."""

    reply: timedelta
    slot: timedelta
    background: timedelta


class Listener(Protocol):
    """Takes a live answer as it is written."""

    @property
    def has_enough(self) -> bool:
        """Whether the model may stop."""
        ...

    def take(self, piece: str) -> bool:
        """Take in more of it; ``True`` when a sentence came of it, so that the deadline of the next one begins."""
        ...


class Replies(Protocol):
    """What answers live turns. Implemented by ``pool.OllamaPool``."""

    async def reply(self, question: Question, listener: Listener) -> None:
        """Have a question answered now, ahead of everything that is not a live turn.

        Raises:
            ModelFault: There is no answer, or no more of it; what ``listener`` took stands.
        """
        ...
