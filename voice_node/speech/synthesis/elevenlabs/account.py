"""What the ElevenLabs account has left, and the voices it has."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voice_node.speech.synthesis.elevenlabs.faults import fault_of, fault_of_answer

PAGE_SIZE = 100

Told = TypeVar("Told", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Quota:
    """The characters of the running period; ``renews_at`` is when they are counted anew, aware UTC."""

    tier: str
    used: int
    limit: int
    renews_at: datetime | None

    @property
    def left(self) -> int:
        """How many characters may still be spoken."""
        return max(self.limit - self.used, 0)


class AccountVoice(BaseModel):
    """A voice of the account."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    voice_id: str
    name: str
    category: str = ""
    labels: dict[str, str] = Field(default_factory=dict)


class _Subscription(BaseModel):
    model_config = ConfigDict(extra="ignore")
    tier: str
    character_count: int
    character_limit: int
    next_character_count_reset_unix: int | None = None


class _VoicePage(BaseModel):
    model_config = ConfigDict(extra="ignore")
    voices: tuple[AccountVoice, ...]
    has_more: bool = False
    next_page_token: str | None = None


class ElevenLabsAccount:
    """The account by its REST API.

    Args:
        client: With the API's base address and the header ``xi-api-key``.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def quota(self) -> Quota:
        """What is left.

        Raises:
            SynthesisFailed: The key is refused, or ElevenLabs does not answer.
        """
        told = _read(_Subscription, await self._get("/v1/user/subscription"))
        renews = told.next_character_count_reset_unix
        return Quota(
            tier=told.tier,
            used=told.character_count,
            limit=told.character_limit,
            renews_at=datetime.fromtimestamp(renews, UTC) if renews else None,
        )

    async def voices(self) -> AsyncGenerator[AccountVoice]:
        """Every voice of the account, page after page; raises like ``quota``."""
        token = ""
        while True:
            asked: dict[str, str | int] = {"page_size": PAGE_SIZE}
            if token:
                asked["next_page_token"] = token
            page = _read(_VoicePage, await self._get("/v2/voices", asked))
            for voice in page.voices:
                yield voice
            token = page.next_page_token or ""
            if not (page.has_more and token):
                return

    async def _get(self, path: str, asked: dict[str, str | int] | None = None) -> bytes:
        try:
            answer = await self._client.get(path, params=asked)
        except httpx.HTTPError as away:
            raise fault_of("unreachable") from away
        if answer.status_code != httpx.codes.OK:
            raise fault_of_answer(answer.status_code, answer.content)
        return answer.content


def _read(kind: type[Told], body: bytes) -> Told:
    try:
        return kind.model_validate_json(body)
    except ValidationError as unreadable:
        raise fault_of("unreadable") from unreadable
