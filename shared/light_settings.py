"""The few variables that the carrier's doors start with, read without the libraries that the other settings need.

Beside ``shared.settings`` the only place that reads environment variables; a variable has the same name and meaning in
both, and a ``.env`` file counts here too.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from shared.calls.horizons import Horizons
from shared.kernel.clock import CivilTime
from shared.kernel.errors import Malformed

SHORTEST_SECRET = 16
DOT_ENV = Path(".env")
YES = ("true", "1", "yes", "on")
NO = ("", "false", "0", "no", "off")
OF_HORIZONS = ("CALL_TOKEN_LIFETIME", "DIAL_HORIZONS")


class BadSettings(Malformed):
    """The environment lacks something, or holds something that cannot be read; one line says what."""


class Variables:
    """The environment at one moment."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    @classmethod
    def read(cls) -> "Variables":
        """The process's environment, over what a ``.env`` file says."""
        return cls({**_dot_env(), **os.environ})

    def over(self, others: Mapping[str, str]) -> "Variables":
        """These, and of ``others`` what these lack."""
        return Variables({**others, **self._values})

    def get(self, name: str) -> str:
        """The variable, empty when it is not set."""
        return self._values.get(name, "")

    def need(self, name: str, *, at_least: int = 1) -> str:
        """The variable, of ``at_least`` so many characters.

        Raises:
            BadSettings: It is missing or too short; its value is not repeated, it may be a secret.
        """
        value = self.get(name)
        if not value:
            raise BadSettings(f"{name}: field required")
        if len(value) < at_least:
            raise BadSettings(f"{name}: should have at least {at_least} characters")
        return value

    def whole(self, name: str, *, default: int) -> int:
        """The variable as a whole number from 1 on.

        Raises:
            BadSettings: It is something else.
        """
        text = self.get(name).strip()
        if not text:
            return default
        if not (text.isascii() and text.isdecimal() and int(text) > 0):
            raise BadSettings(f"{name}: should be a whole number above zero")
        return int(text)

    def says(self, name: str) -> bool:
        """Whether the variable says yes; it need not be set.

        Raises:
            BadSettings: It says neither yes nor no.
        """
        text = self.get(name).strip().lower()
        if text not in (*YES, *NO):
            raise BadSettings(f"{name}: should be true or false")
        return text in YES

    @property
    def carrier_tokens(self) -> tuple[str, ...]:
        """Every token that a callback may be signed with: two while one replaces the other.

        Raises:
            BadSettings: There is none.
        """
        tokens = self.need("TWILIO_AUTH_TOKEN"), self.get("TWILIO_SECONDARY_AUTH_TOKEN")
        return tuple(token for token in tokens if token)

    @property
    def civil_time(self) -> CivilTime | None:
        """A civil time of its own, if there is one.

        Raises:
            BadSettings: It cannot be read.
        """
        text = self.get("REAUTO_CLOCK")
        try:
            return CivilTime.parse(text) if text else None
        except Malformed as error:
            raise BadSettings(f"REAUTO_CLOCK: {error}") from None

    @property
    def horizons(self) -> Horizons:
        """The periods of the dial protocol; only where one is set otherwise, its reader is needed."""
        told = {name: self.get(name) for name in OF_HORIZONS if self.get(name)}
        if not told:
            return Horizons()
        from shared.settings import DialSettings, read

        return read(DialSettings, beside=told).horizons

    @property
    def is_on_lambda(self) -> bool:
        """Whether AWS Lambda runs us, whose machines' clocks are their own."""
        return bool(self.get("AWS_LAMBDA_FUNCTION_NAME"))


def _dot_env() -> dict[str, str]:
    if not DOT_ENV.is_file():
        return {}
    from dotenv import dotenv_values  # only where there is such a file, which no Lambda has

    return {name: value for name, value in dotenv_values(DOT_ENV).items() if value is not None}
