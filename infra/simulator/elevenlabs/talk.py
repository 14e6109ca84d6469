"""One websocket of the stand-in: contexts are opened, given text, flushed and closed, and sound comes back."""

import asyncio
import base64
import json
from contextlib import suppress
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from infra.simulator.elevenlabs.account import RATE_HZ, SECONDS_A_CHARACTER, Account, Behaviour

MOST_CONTEXTS = 5
POLICY_VIOLATION = 1008
PIECE_CHARACTERS = 4
DEFAULT_INACTIVITY = "20"
TOO_MANY_AT_ONCE = "too_many_concurrent_requests"
TOO_MANY_SAID = "Too many concurrent requests. Your current subscription allows no more."


class Context:
    """A text that is being collected and spoken."""

    def __init__(self) -> None:
        self.waiting = ""
        self.is_closing = False
        self.wakes = asyncio.Event()


class Talk:
    """What is said on one socket."""

    def __init__(self, socket: ServerConnection, account: Account, behaviour: Behaviour) -> None:
        self._socket = socket
        self._account = account
        self._behaviour = behaviour
        self._contexts: dict[str, Context] = {}

    async def hold(self, asked: dict[str, list[str]]) -> None:
        """Serve until the client closes, breaks a rule, or has been silent for too long."""
        patience = float(asked.get("inactivity_timeout", [DEFAULT_INACTIVITY])[0])
        if asked.get("output_format") != ["ulaw_8000"]:
            await self._end("Only ulaw_8000 is spoken here")
            return
        speaking: set[asyncio.Task[None]] = set()
        try:
            while True:
                async with asyncio.timeout(patience):
                    message = json.loads(await self._socket.recv())
                self._account.received.append(message)
                if message.get("close_socket"):
                    return
                await self._take(message, speaking)
        except (ConnectionClosed, TimeoutError):
            return
        finally:
            for task in speaking:
                task.cancel()
            await asyncio.gather(*speaking, return_exceptions=True)

    async def _take(self, message: dict[str, Any], speaking: set[asyncio.Task[None]]) -> None:
        name, text = message.get("context_id"), str(message.get("text") or "")
        if name is None:
            return
        context = self._contexts.get(name)
        if context is None:
            if message.get("close_context"):
                return
            if len(self._contexts) >= MOST_CONTEXTS:
                await self._end(
                    f"Maximum simultaneous contexts exceeded ({MOST_CONTEXTS})", error="max_active_contexts_exceeded"
                )
                return
            context = self._contexts[name] = Context()
            speaking.add(asyncio.create_task(self._speak(name, context)))
        elif message.get("voice_settings"):
            await self._end("voice_settings may only be given in the first message of a context")
            return
        context.waiting += text
        context.is_closing = context.is_closing or bool(message.get("close_context"))
        if message.get("flush") or context.is_closing:
            context.wakes.set()

    async def _speak(self, name: str, context: Context) -> None:
        with suppress(ConnectionClosed):
            while not (context.is_closing and not context.waiting):
                await context.wakes.wait()
                context.wakes.clear()
                text, context.waiting = context.waiting.strip(), ""
                if text and not await self._say(name, text):
                    return
            await self._socket.send(json.dumps({"isFinal": True, "contextId": name}))
        self._contexts.pop(name, None)

    async def _say(self, name: str, text: str) -> bool:
        """Send the sound of a text; ``False`` when the talk is over."""
        if self._behaviour.is_busy():
            await self._end(TOO_MANY_SAID, error=TOO_MANY_AT_ONCE)
            return False
        if not self._account.take(len(text)):
            left = self._account.character_limit - self._account.characters_used
            said = (
                f"This request exceeds your quota. You have {left} credits remaining, while {len(text)} are required."
            )
            await self._end(said, error="quota_exceeded")
            return False
        if self._behaviour.is_mute:
            return True
        await asyncio.sleep(self._behaviour.first_byte_seconds())
        sound, sent = self._account.sound_of(text), 0
        a_character, breaks_after = len(sound) / len(text), self._behaviour.drop_after_characters()
        for begins in range(0, len(text), PIECE_CHARACTERS):
            if breaks_after is not None and sent >= breaks_after:
                self._socket.transport.abort()
                return False
            piece = text[begins : begins + PIECE_CHARACTERS]
            heard = sound[int(begins * a_character) : int((begins + len(piece)) * a_character)]
            await self._socket.send(json.dumps(_message(name, piece, heard)))
            sent += len(piece)
        return True

    async def _end(self, said: str, *, error: str = "policy_violation") -> None:
        with suppress(ConnectionClosed):
            await self._socket.send(json.dumps({"message": said, "error": error, "code": POLICY_VIOLATION}))
        await self._socket.close(POLICY_VIOLATION, said[:120])


def _message(name: str, piece: str, sound: bytes) -> dict[str, Any]:
    """Sound with its alignment; times restart at zero in every message."""
    each = 1_000 * len(sound) // RATE_HZ // max(len(piece), 1) or int(1_000 * SECONDS_A_CHARACTER)
    alignment = {
        "chars": list(piece),
        "charStartTimesMs": [each * place for place in range(len(piece))],
        "charDurationsMs": [each] * len(piece),
    }
    return {
        "audio": base64.b64encode(sound).decode(),
        "isFinal": None,
        "alignment": alignment,
        "normalizedAlignment": alignment,
        "contextId": name,
    }
