"""The websocket under a media stream: it keeps little for a carrier that does not read, and never lingers."""

from asyncio.transports import BaseTransport

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MOST_UNSENT_BYTES = 8_192
"""More than half a second of speech; whoever writes more waits, and gives up after ``stream.SEND_SECONDS``."""
LINGER_SECONDS = 2.0
MOST_UNREAD = 50
"""A second of the caller's sound; with more of it unread the carrier is made to wait."""


class CallSocket(WebSocketsSansIOProtocol):
    """Uvicorn's websocket, whose writers wait early, and which is cut when it is not closed soon after its call.

    Uvicorn closes a connection once everything was sent: with a peer that does not read, never.
    """

    def connection_made(self, transport: BaseTransport) -> None:
        """The connection is there."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=MOST_UNSENT_BYTES)

    def send_receive_event_to_app(self) -> None:
        """Hand a message on. Uvicorn stops reading after each and starts again, which costs more than the message."""
        self.read_paused = self.queue.qsize() < MOST_UNREAD
        super().send_receive_event_to_app()

    async def run_asgi(self) -> None:
        """Run the call to its end."""
        await super().run_asgi()
        self.loop.call_later(LINGER_SECONDS, self.transport.abort)
