"""What lets a browser call through the carrier."""

from typing import Protocol


class VoiceTokens(Protocol):
    """Where access tokens of the carrier's own browser telephone come from. Implemented by ``adapters.twilio``."""

    def issue(self, identity: str) -> str:
        """A token for an hour that lets ``identity`` call our TwiML application, and be called by nobody.

        Raises:
            Refused: The account is not set up for it; the message says what is missing.
        """
        ...
