"""What the environment decides about talking to the agent from a browser."""

from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from shared.settings import Settings


def _listed(value: object) -> object:
    """Addresses with commas between them."""
    if not isinstance(value, str):
        return value
    return tuple(each.strip() for each in value.split(",") if each.strip())


class TalkSettings(Settings):
    """How browsers reach a voice node that they cannot send to directly.

    ``ice_servers`` are the node's own STUN and TURN servers (``stun:…``, ``turn:…``), the TURN servers with this user.
    """

    ice_servers: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(), validation_alias="TALK_ICE_SERVERS"
    )
    user: str = Field(default="", validation_alias="TALK_TURN_USER")
    password: SecretStr = Field(default=SecretStr(""), validation_alias="TALK_TURN_PASSWORD")


class VoiceSdkSettings(Settings):
    """The carrier's own way from a browser to a call: an API key, and the TwiML application that such calls run."""

    api_key: str = Field(default="", validation_alias="TWILIO_API_KEY")
    api_secret: SecretStr = Field(default=SecretStr(""), validation_alias="TWILIO_API_SECRET")
    application: str = Field(default="", validation_alias="TWILIO_TWIML_APP")
