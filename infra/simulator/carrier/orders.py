"""What a call was asked to be, read from the create request and checked as the carrier does."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from infra.simulator.carrier.account import Account
from infra.simulator.carrier.numbers import is_dialable
from infra.simulator.carrier.refusals import bad_request

EVENTS = ("initiated", "ringing", "answered", "completed")
RECORDING_EVENTS = ("in-progress", "completed", "absent")
LONGEST_CALL_SECONDS = 14_400
LONGEST_TWIML = 4000


@dataclass(frozen=True, kw_only=True)
class RecordingOrder:
    """How the call is to be recorded, and who is told."""

    channels: int = 1
    track: str = "both"
    trims_silence: bool = True
    callback: str = ""
    callback_method: str = "POST"
    events: tuple[str, ...] = ("completed",)


@dataclass(frozen=True, kw_only=True)
class Detection:
    """How answering machines are to be detected: ``mode`` is ``Enable`` or ``DetectMessageEnd``."""

    mode: str
    timeout_seconds: int = 30
    is_async: bool = False
    callback: str = ""
    callback_method: str = "POST"


@dataclass(frozen=True, kw_only=True)
class Order:
    """One call as ordered. Times are seconds; numbers are E.164."""

    to: str
    from_number: str
    url: str = ""
    method: str = "POST"
    twiml: str = ""
    fallback_url: str = ""
    fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    status_events: tuple[str, ...] = ("completed",)
    timeout_seconds: int = 60
    time_limit_seconds: int = LONGEST_CALL_SECONDS
    recording: RecordingOrder | None = None
    detection: Detection | None = None


class Form:
    """A form body, read field by field. Of a field that is repeated, ``text`` sees the last."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = tuple(pairs)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every field as it was sent, in order."""
        return self._pairs

    def text(self, name: str, default: str = "") -> str:
        """The field, or the default when it is missing or blank."""
        return next((value for key, value in reversed(self._pairs) if key == name and value), default)

    def words(self, name: str) -> tuple[str, ...]:
        """All values of a repeatable field; one value may also list several, parted by blanks."""
        return tuple(word for key, value in self._pairs if key == name for word in value.split())

    def choice(self, name: str, allowed: tuple[str, ...], default: str, *, code: int = 20001) -> str:
        """A field with a fixed set of values."""
        value = self.text(name, default)
        if value not in allowed:
            raise bad_request(code, f"Invalid {name}: {value}. Allowed are {', '.join(allowed)}.")
        return value

    def method(self, name: str) -> str:
        """An HTTP method, POST when not given."""
        return self.choice(name, ("GET", "POST"), "POST", code=21209)

    def address(self, name: str, *, code: int) -> str:
        """An absolute http(s) address, or blank."""
        value = self.text(name)
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or "_" in parts.hostname):
            raise bad_request(code, f"{name} is not a valid URL: {value}")
        return value

    def whole(self, name: str, least: int, most: int, default: int, *, code: int = 20001) -> int:
        """A whole number within limits."""
        value = self.text(name, str(default))
        if not re.fullmatch(r"\d{1,9}", value) or not least <= int(value) <= most:
            raise bad_request(code, f"Invalid {name}: {value}. It must be a number from {least} to {most}.")
        return int(value)

    def flag(self, name: str) -> bool:
        """``true`` or ``false`` in any case, false when not given."""
        return self.choice(name, ("true", "false", "True", "False"), "false").lower() == "true"


def read_order(form: Form, account: Account) -> Order:
    """The call a create request asks for.

    Raises:
        ApiRefusal: A parameter is missing or not acceptable.
    """
    to, from_number = _numbers(form, account)
    url = form.address("Url", code=21205)
    twiml = form.text("Twiml")
    if form.text("ApplicationSid"):
        raise bad_request(21218, f"ApplicationSid {form.text('ApplicationSid')} is not valid")
    if not url and not twiml:
        raise bad_request(21205, "Url parameter is required.")
    if len(twiml) > LONGEST_TWIML:
        raise bad_request(20001, f"Twiml is longer than {LONGEST_TWIML} characters")
    return Order(
        to=to,
        from_number=from_number,
        url=url,
        method=form.method("Method"),
        twiml="" if url else twiml,
        fallback_url=form.address("FallbackUrl", code=21205),
        fallback_method=form.method("FallbackMethod"),
        status_callback=form.address("StatusCallback", code=21609),
        status_callback_method=form.method("StatusCallbackMethod"),
        status_events=_events(form, "StatusCallbackEvent", EVENTS),
        timeout_seconds=form.whole("Timeout", 1, 600, 60, code=21208),
        time_limit_seconds=form.whole("TimeLimit", 1, 86_400, LONGEST_CALL_SECONDS),
        recording=_recording(form),
        detection=_detection(form),
    )


def _recording(form: Form) -> RecordingOrder | None:
    order = RecordingOrder(
        channels=2 if form.choice("RecordingChannels", ("mono", "dual"), "mono") == "dual" else 1,
        track=form.choice("RecordingTrack", ("inbound", "outbound", "both"), "both"),
        trims_silence=form.choice("Trim", ("trim-silence", "do-not-trim"), "trim-silence") == "trim-silence",
        callback=form.address("RecordingStatusCallback", code=21609),
        callback_method=form.method("RecordingStatusCallbackMethod"),
        events=_events(form, "RecordingStatusCallbackEvent", RECORDING_EVENTS),
    )
    return order if form.flag("Record") else None


def _detection(form: Form) -> Detection | None:
    """What to detect; keys sent after the answer switch detection off."""
    digits = form.text("SendDigits")
    if not re.fullmatch(r"[0-9A-D#*wW]{0,32}", digits):
        raise bad_request(21206, f"SendDigits is not valid: {digits}")
    form.whole("MachineDetectionSpeechThreshold", 1000, 6000, 2400)
    form.whole("MachineDetectionSpeechEndThreshold", 500, 5000, 1200)
    form.whole("MachineDetectionSilenceTimeout", 2000, 10_000, 5000)
    detection = Detection(
        mode=form.choice("MachineDetection", ("", "Enable", "DetectMessageEnd"), ""),
        timeout_seconds=form.whole("MachineDetectionTimeout", 3, 60, 30),
        is_async=form.flag("AsyncAmd"),
        callback=form.address("AsyncAmdStatusCallback", code=21205),
        callback_method=form.method("AsyncAmdStatusCallbackMethod"),
    )
    return detection if detection.mode and not digits else None


def _numbers(form: Form, account: Account) -> tuple[str, str]:
    to, from_number = form.text("To"), form.text("From")
    if not to:
        raise bad_request(21201, "No 'To' number is specified")
    if not from_number:
        raise bad_request(21213, "'From' phone number is required")
    if not is_dialable(to):
        raise bad_request(21211, f"The phone number you are attempting to call, {to}, is not valid.")
    if not is_dialable(from_number):
        raise bad_request(21212, f"The source phone number provided, {from_number}, is not valid.")
    if from_number not in {owned.number for owned in account.numbers}:
        raise bad_request(
            21210, f"The source phone number provided, {from_number}, is not yet verified for your account."
        )
    if not to.startswith(account.reachable_prefixes):
        raise bad_request(21215, f"Account not authorized to call {to}. Check its geographic permissions.")
    return to, from_number


def _events(form: Form, name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    asked = form.words(name)
    if unknown := [event for event in asked if event not in allowed]:
        raise bad_request(21626, f"Invalid {name}: {', '.join(unknown)}")
    return asked or ("completed",)
