"""How fast the carrier's account may be asked to ring, and when it is better left alone."""

from datetime import timedelta
from typing import Protocol

AT_ONCE = timedelta(0)


class Pacer(Protocol):
    """One token for each dial of an account, no more than the carrier takes in a second; by one clock for all."""

    def take(self, account: str) -> timedelta:
        """Take a token: zero when one was taken, otherwise how long until one's turn to ask again.

        No two are told the same turn, so that those who wait do not all come back at once.

        Raises:
            Unavailable: Nobody can tell; then nobody dials.
        """
        ...


class AccountBreaker(Protocol):
    """Keeps an account that the carrier fails or refuses from being asked again and again.

    Open, nobody dials; after a while one dial at a time may try, and its success closes the breaker.
    """

    def blocked_for(self, account: str) -> timedelta:
        """How long nobody will dial; zero when somebody may. Asking changes nothing.

        Raises:
            Unavailable: Nobody can tell; then nobody dials.
        """
        ...

    def admit(self, account: str) -> timedelta:
        """Ask to dial: zero to go ahead, and tell how it went; otherwise how long to wait.

        Raises:
            Unavailable: Nobody can tell; then nobody dials.
        """
        ...

    def withdraw(self, account: str) -> None:
        """Whoever was admitted did not ask the carrier after all: another one may try.

        Raises:
            Unavailable: It could not be noted.
        """
        ...

    def failed(self, account: str, *, at_once: bool) -> None:
        """The carrier failed, or with ``at_once`` refused the whole account, which opens the breaker by itself.

        Raises:
            Unavailable: It could not be noted.
        """
        ...

    def succeeded(self, account: str) -> None:
        """The carrier took a call.

        Raises:
            Unavailable: It could not be noted.
        """
        ...
