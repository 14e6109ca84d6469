"""What a probe works with: the account, our listener, the two numbers, and how long to wait."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from infra.cli.verify.listener import Listener, MediaSocket, until
from infra.cli.verify.points import Findings

if TYPE_CHECKING:
    from twilio.rest import Client

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
Answer = TypeVar("Answer")


@dataclass(kw_only=True)
class Stand:
    """``caller_id`` calls ``to``, whose owner picks up and stays on the line. Seconds are machine time."""

    client: "Client"
    listener: Listener
    findings: Findings
    caller_id: str
    to: str
    account_sid: str
    auth_token: str
    answer_seconds: float = 40.0
    silence_seconds: float = 75.0
    price_seconds: float = 120.0
    rings_seconds: int = 10
    sockets_seen: int = 0

    async def ask(self, question: Callable[[], Answer]) -> Answer:
        """The vendor's library waits; we do not."""
        return await asyncio.to_thread(question)

    async def place(self, name: str, **options: Any) -> str:
        """Ring; the paths of this call begin with ``/{name}``. The call's sid."""
        base = f"{self.listener.public_url}/{name}"
        wishes = {
            "to": self.to,
            "from_": self.caller_id,
            "url": f"{base}/answer",
            "status_callback": f"{base}/status",
            "status_callback_event": ["initiated", "ringing", "answered", "completed"],
            "timeout": 25,
            "time_limit": 300,
        } | options
        call = await self.ask(lambda: self.client.calls.create(**wishes))
        return str(call.sid)

    async def answered_socket(self) -> MediaSocket | None:
        """The next media socket once its stream began, or ``None`` when nobody picked up."""
        sockets = self.listener.sockets
        has_begun = await until(
            lambda: len(sockets) > self.sockets_seen and sockets[-1].of("start"), seconds=self.answer_seconds
        )
        self.sockets_seen = len(sockets)
        return sockets[-1] if has_begun else None

    async def hang_up(self, sid: str) -> None:
        """End a call, whether it is over or not."""
        from twilio.base.exceptions import TwilioRestException

        try:
            await self.ask(lambda: self.client.calls(sid).update(status="completed"))
        except TwilioRestException as error:
            if error.status not in (400, 404):
                raise

    async def is_over(self, sid: str, *, seconds: float = 30.0) -> bool:
        """Wait for a call's end by asking for it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            call = await self.ask(lambda: self.client.calls(sid).fetch())
            if call.status in OVER:
                return True
            await asyncio.sleep(0.3)
        return False

    def streaming(self, name: str, *, parameters: str = "") -> str:
        """TwiML that streams to our socket and then asks for ``/{name}/after``."""
        base = f"{self.listener.public_url}/{name}"
        stream = f'<Stream url="{self.listener.media_url}" statusCallback="{base}/stream">{parameters}</Stream>'
        return f"<Response><Connect>{stream}</Connect><Redirect>{base}/after</Redirect></Response>"
