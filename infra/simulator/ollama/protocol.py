"""What clients send to Ollama, and the lines in which it answers."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

NANOSECONDS = 1_000_000_000


class Wire(BaseModel):
    """What comes from a client: unknown fields are passed over, as the real server does."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ChatMessage(Wire):
    """One message of a chat."""

    role: str
    content: str = ""


class Options(Wire):
    """The options that make a difference here."""

    num_predict: int = -1
    num_ctx: int = 4_096
    seed: int | None = None


class Asked(Wire):
    """The body of ``/api/chat`` and ``/api/generate``."""

    model: str
    messages: tuple[ChatMessage, ...] = ()
    prompt: str = ""
    system: str = ""
    stream: bool | None = None
    form: dict[str, Any] | Literal["", "json"] | None = Field(default=None, alias="format")
    options: Options | None = None
    keep_alive: float | str | None = None

    @property
    def said(self) -> tuple[ChatMessage, ...]:
        """The messages of a chat, or the prompt as one."""
        if self.messages or not self.prompt:
            return self.messages
        return (ChatMessage(role="system", content=self.system), ChatMessage(role="user", content=self.prompt))


class EmbedAsked(Wire):
    """The body of ``/api/embed``."""

    model: str
    input: str | tuple[str, ...]


class Lines:
    """Writes the objects of one answer, in the form of the endpoint that was asked.

    Args:
        model: The model's full name.
        is_chat: ``/api/chat``, otherwise ``/api/generate``.
        now: The time of the answer.
    """

    def __init__(self, model: str, *, is_chat: bool, now: datetime) -> None:
        self._head = {"model": model, "created_at": stamp(now)}
        self.is_chat = is_chat

    def piece(self, text: str) -> dict[str, Any]:
        """A token."""
        return {**self._head, **self._body(text), "done": False}

    def tool_call(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """A call of a tool, which nobody may have offered."""
        call = {"function": {"name": name, "arguments": dict(arguments)}}
        return {**self._head, "message": {"role": "assistant", "content": "", "tool_calls": [call]}, "done": False}

    def last(self, text: str = "", *, reason: str = "stop", figures: Mapping[str, int] | None = None) -> dict[str, Any]:
        """The end, with everything before it where the answer was not streamed."""
        return {**self._head, **self._body(text), "done": True, "done_reason": reason, **(figures or {})}

    def _body(self, text: str) -> dict[str, Any]:
        return {"message": {"role": "assistant", "content": text}} if self.is_chat else {"response": text}


def stamp(moment: datetime) -> str:
    """A time as the server writes it."""
    return moment.isoformat().replace("+00:00", "Z")


def encoded(value: object) -> bytes:
    """JSON as the server writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def figures(*, seconds: float, loaded_seconds: float, messages: Sequence[ChatMessage], tokens: int) -> dict[str, int]:
    """The counts at the end of an answer; durations are nanoseconds, a token is four characters of a prompt."""
    return {
        "total_duration": round(seconds * NANOSECONDS),
        "load_duration": round(loaded_seconds * NANOSECONDS),
        "prompt_eval_count": max(1, sum(len(each.content) for each in messages) // 4),
        "prompt_eval_duration": round(seconds * NANOSECONDS / 4),
        "eval_count": tokens,
        "eval_duration": round(seconds * NANOSECONDS / 2),
    }
