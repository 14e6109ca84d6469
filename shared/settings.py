"""What the environment decides: small frozen blocks, one per concern; each process reads the ones it needs, once.

The only place that reads environment variables; a ``.env`` file in the working folder counts as environment.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.calls.horizons import Horizons
from shared.kernel.clock import CivilTime
from shared.kernel.errors import Malformed
from shared.light_settings import BadSettings as BadSettings

Block = TypeVar("Block", bound="Settings")


class Settings(BaseSettings):
    """The common ground of all blocks."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_file=".env")


_elsewhere: dict[str, str] = {}


def also_read(values: Mapping[str, str]) -> None:
    """Let ``read`` find settings that lie elsewhere, by the names of their variables; the environment goes first."""
    _elsewhere.update(values)


def read(block: type[Block], *, beside: Mapping[str, str] | None = None) -> Block:
    """One block from the environment, and from ``beside`` what the environment lacks.

    Raises:
        BadSettings: A variable is missing or unreadable; its value is not repeated, it may be a secret.
    """
    known = {**_elsewhere, **(beside or {})}
    elsewhere: dict[str, Any] = {
        field.validation_alias: known[field.validation_alias]
        for field in block.model_fields.values()
        if isinstance(field.validation_alias, str) and field.validation_alias in known.keys() - os.environ.keys()
    }
    try:
        return block(**elsewhere)
    except ValidationError as error:
        faults = "; ".join(_fault(block, fault["loc"], fault["msg"]) for fault in error.errors())
        raise BadSettings(faults) from None


def _fault(block: type[Settings], place: tuple[int | str, ...], message: str) -> str:
    name = str(place[0]) if place else block.__name__
    field = block.model_fields.get(name)
    variable = field.validation_alias if field and isinstance(field.validation_alias, str) else name
    said = message.removeprefix("Value error, ")
    return f"{variable}: {said[0].lower()}{said[1:]}"


class DatabaseSettings(Settings):
    """PostgreSQL. A Lambda environment needs one connection; ``prepares`` is not for behind a transaction pooler."""

    url: str = Field(validation_alias="DATABASE_URL", min_length=1)
    pool_size: int = Field(default=1, validation_alias="DATABASE_POOL_SIZE", ge=1, le=100)
    prepares: bool = Field(default=False, validation_alias="DATABASE_PREPARES")


class RedisSettings(Settings):
    """Redis, where workers publish their room and live calls their words."""

    url: str = Field(validation_alias="REDIS_URL", min_length=1)


class TwilioSettings(Settings):
    """The carrier's account, and where the carrier reaches us.

    ``base_url`` is the carrier's REST API; ``public_base_url`` is ours as the carrier writes it, stage included.
    ``fallback_url`` is a page of TwiML elsewhere, for people who answer while ours cannot be reached.
    """

    account_sid: str = Field(validation_alias="TWILIO_ACCOUNT_SID", min_length=1)
    auth_token: SecretStr = Field(validation_alias="TWILIO_AUTH_TOKEN", min_length=1)
    secondary_auth_token: SecretStr | None = Field(default=None, validation_alias="TWILIO_SECONDARY_AUTH_TOKEN")
    base_url: str = Field(default="https://api.twilio.com", validation_alias="TWILIO_BASE_URL")
    public_base_url: str = Field(validation_alias="PUBLIC_BASE_URL", min_length=1)
    fallback_url: str = Field(default="", validation_alias="TWILIO_FALLBACK_URL")

    @property
    def tokens(self) -> tuple[str, ...]:
        """Every token that a callback may be signed with: two while one replaces the other."""
        secrets = [self.auth_token, self.secondary_auth_token]
        return tuple(secret.get_secret_value() for secret in secrets if secret and secret.get_secret_value())


class NodeSettings(Settings):
    """What the functions and the voice node agree on."""

    call_token_secret: SecretStr = Field(validation_alias="CALL_TOKEN_SECRET", min_length=16)


def _horizons(value: object) -> object:
    """What ``DIAL_HORIZONS`` says, every name of it a horizon."""
    if not isinstance(value, str):
        return value
    named = json.loads(value or "{}")
    strange = sorted(set(named) - set(Horizons.__dataclass_fields__)) if isinstance(named, dict) else ["no object"]
    if strange:
        raise ValueError(f"there is no such horizon: {', '.join(strange)}")
    return named


class DialSettings(Settings):
    """How fast the carrier's account is asked to ring, and how long each step of the dial protocol may take.

    ``changed`` names the horizons of ``shared.calls.horizons`` that differ from the standard, as JSON in seconds or
    ISO 8601: ``{"horizon": 60, "watch_live": "PT30S"}``. The calls per second are those of the carrier's account.
    ``token_lifetime`` is the one horizon that has a variable of its own, which goes first.
    """

    calls_per_second: float = Field(default=1.0, validation_alias="TWILIO_CALLS_PER_SECOND", gt=0, le=1000)
    changed: Annotated[Horizons, NoDecode, BeforeValidator(_horizons)] = Field(
        default_factory=Horizons, validation_alias="DIAL_HORIZONS"
    )
    token_lifetime: timedelta | None = Field(default=None, validation_alias="CALL_TOKEN_LIFETIME", gt=timedelta(0))

    @property
    def horizons(self) -> Horizons:
        """Every horizon; the time between two dials follows from the calls per second."""
        lifetime = self.token_lifetime or self.changed.token_lifetime
        every = timedelta(seconds=1 / self.calls_per_second)
        return replace(self.changed, dial_every=every, token_lifetime=lifetime)


class ApiSettings(Settings):
    """Who may use the REST API."""

    key: SecretStr = Field(validation_alias="REAUTO_API_KEY", min_length=16)


def _civil_time(value: object) -> object:
    """What ``REAUTO_CLOCK`` says; pydantic reports a ``ValueError``, and passes ours on as it is."""
    if not isinstance(value, str):
        return value
    try:
        return CivilTime.parse(value) if value else None
    except Malformed as error:
        raise ValueError(str(error)) from error


class ClockSettings(Settings):
    """A civil time of its own, ``civil@machine*rate``; without it the real time counts."""

    civil_time: Annotated[CivilTime | None, NoDecode, BeforeValidator(_civil_time)] = Field(
        default=None, validation_alias="REAUTO_CLOCK"
    )


class MachineSettings(Settings):
    """What ``reauto serve`` and ``reauto demo`` start, and what they find already running.

    ``database_url`` and ``redis_url`` replace the embedded servers, ``postgres_bin`` the PostgreSQL programs.
    """

    home: Path = Field(default=Path(".reauto"), validation_alias="REAUTO_HOME")
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    database_prepares: bool = Field(default=False, validation_alias="DATABASE_PREPARES")
    redis_url: str | None = Field(default=None, validation_alias="REDIS_URL")
    postgres_bin: Path | None = Field(default=None, validation_alias="REAUTO_PG_BIN")
    keep: bool = Field(default=False, validation_alias="KEEP")


class ClientSettings(Settings):
    """Where the ``reauto`` command reaches the REST API; without them, at the server that runs on this machine."""

    url: str | None = Field(default=None, validation_alias="REAUTO_URL", min_length=1)
    key: SecretStr | None = Field(default=None, validation_alias="REAUTO_API_KEY", min_length=16)


class CarrierSettings(Settings):
    """Whether a carrier's account is configured; without one, ``reauto serve`` simulates a carrier."""

    account_sid: str = Field(default="", validation_alias="TWILIO_ACCOUNT_SID")
    auth_token: SecretStr = Field(default=SecretStr(""), validation_alias="TWILIO_AUTH_TOKEN")
    public_base_url: str = Field(default="", validation_alias="PUBLIC_BASE_URL")
    node_url: str = Field(default="", validation_alias="NODE_URL")


class ControlSettings(Settings):
    """The functions of one machine."""

    port: int = Field(validation_alias="CONTROL_PORT", ge=1, le=65535)


class SimulatorSettings(Settings):
    """The simulated carrier, the account's numbers (with commas), and the people it rings, who keep a ``diary``."""

    port: int = Field(validation_alias="SIMULATOR_PORT", ge=1, le=65535)
    personas: Path = Field(validation_alias="SIMULATOR_PERSONAS")
    diary: Path = Field(validation_alias="SIMULATOR_DIARY")
    our_numbers: str = Field(validation_alias="SIMULATOR_OUR_NUMBERS")
    calls_per_second: float = Field(default=2.0, validation_alias="SIMULATOR_CALLS_PER_SECOND", gt=0)


def one_thread_each() -> None:
    """Keep numeric libraries from spreading one small sum over all cores; to be called before they are imported."""
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")


def child_environment(changes: Mapping[str, str]) -> dict[str, str]:
    """Our own environment with ``changes``: what a process of ours is started with."""
    return {**os.environ, **changes}


class WorkerSettings(Settings):
    """The workers of a voice node: where it listens, where it is reached, how many calls each holds at once.

    One a core unless ``workers`` says more; ``slots`` goes before ``admission``. Recordings are made below ``spool``.
    """

    worker: str = Field(default="w1", validation_alias="NODE_WORKER", pattern=r"^[A-Za-z0-9_-]{1,40}$")
    workers: int | None = Field(default=None, validation_alias="NODE_WORKERS", ge=1, le=64)
    host: str = Field(default="127.0.0.1", validation_alias="NODE_HOST")
    port: int = Field(default=8100, validation_alias="NODE_PORT", ge=1, le=65535)
    url: str | None = Field(default=None, validation_alias="NODE_URL")
    slots: int | None = Field(default=None, validation_alias="NODE_SLOTS", ge=1, le=100)
    admission: Path = Field(default=Path(".reauto/admission.json"), validation_alias="NODE_ADMISSION")
    spool: Path = Field(default=Path(".reauto/spool"), validation_alias="NODE_SPOOL")
    cache: Path = Field(default=Path(".reauto/models"), validation_alias="NODE_CACHE")
    drain: timedelta = Field(default=timedelta(minutes=10), validation_alias="NODE_DRAIN")

    @property
    def public_url(self) -> str:
        """Where the carrier's media sockets reach the node."""
        return (self.url or f"ws://{self.host}:{self.port}").rstrip("/")
