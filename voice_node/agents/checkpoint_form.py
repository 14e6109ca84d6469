"""How a checkpoint is written: JSON of what we know, sealed with a key that every node of the installation has.

Nothing but the messages named here comes out of a checkpoint, so that whoever can write to Redis gains nothing.
"""

import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from langgraph.checkpoint.serde.encrypted import EncryptedSerializer
from pydantic import SecretStr, ValidationError

from shared.conversation import ConversationState
from shared.conversation.brief import Message
from shared.conversation.saved import SavedTalk
from shared.kernel.errors import Malformed

FORM, CIPHER = "call-1", "aes-256-gcm"
KEPT: dict[str, type[Message]] = {each.__name__: each for each in (ConversationState, SavedTalk)}
_KIND, _BODY = "message", "body"
_NONCE_BYTES = 12
_PURPOSE = b"reauto checkpoint of a call"


class CallForm:
    """A LangGraph serializer: plain JSON values, and our messages by the names of their classes."""

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        """The object as JSON."""
        return FORM, json.dumps(obj, default=_told, separators=(",", ":")).encode()

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """The object.

        Raises:
            Malformed: It is of another version, or holds something that we do not write.
        """
        form, body = data
        if form != FORM:
            raise Malformed("the checkpoint is of another version")
        try:
            return json.loads(body, object_hook=_read)
        except (ValidationError, ValueError) as error:
            raise Malformed("the checkpoint cannot be read") from error


class CallCipher:
    """Seals with AES-256-GCM, under a key that follows from the secret which all nodes share."""

    def __init__(self, secret: SecretStr) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.get_secret_value().encode())
        self._key = AESGCM(key)

    def encrypt(self, plaintext: bytes) -> tuple[str, bytes]:
        """The cipher's name, and the nonce with what is sealed."""
        nonce = os.urandom(_NONCE_BYTES)
        return CIPHER, nonce + self._key.encrypt(nonce, plaintext, None)

    def decrypt(self, ciphername: str, ciphertext: bytes) -> bytes:
        """What was sealed.

        Raises:
            Malformed: It was sealed with another secret, or changed.
        """
        try:
            return self._key.decrypt(ciphertext[:_NONCE_BYTES], ciphertext[_NONCE_BYTES:], None)
        except (InvalidTag, ValueError) as error:
            raise Malformed("the checkpoint does not open: it was sealed with another CALL_TOKEN_SECRET") from error


def sealed_form(secret: SecretStr) -> EncryptedSerializer:
    """How checkpoints are written down."""
    return EncryptedSerializer(CallCipher(secret), CallForm())


def _told(value: Any) -> Any:
    kind = type(value).__name__
    if isinstance(value, Message) and kind in KEPT:
        return {_KIND: kind, _BODY: value.model_dump(mode="json")}
    raise TypeError(f"a checkpoint does not hold {kind}")


def _read(values: dict[str, Any]) -> Any:
    if values.keys() != {_KIND, _BODY}:
        return values
    if values[_KIND] not in KEPT:
        raise ValueError("a message that is not kept")
    return KEPT[values[_KIND]].model_validate(values[_BODY])
