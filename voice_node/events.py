"""What can happen in a call, as the dialogue hears of it."""

from dataclasses import dataclass

from shared.conversation import ActionResult
from shared.conversation.machines import Tone


@dataclass(frozen=True, kw_only=True)
class CallerSaid:
    """A turn of the caller is over; ``text`` is empty when nothing was recognised in it.

    ``at`` is when its end was decided, in seconds since the stream began; ``number`` is its place in the minutes.
    """

    text: str
    at: float
    number: int


@dataclass(frozen=True, kw_only=True)
class CallerMayBeDone:
    """The caller pauses after words that are likely their last; ``text`` is everything they said in this turn."""

    text: str


@dataclass(frozen=True, kw_only=True)
class CallerGoesOn:
    """The pause was none: the caller goes on."""


@dataclass(frozen=True, kw_only=True)
class KeyPressed:
    """The caller pressed a key."""

    digit: str
    at: float


@dataclass(frozen=True, kw_only=True)
class SpeechOver:
    """An utterance of the agent was heard, or cut short."""


@dataclass(frozen=True, kw_only=True)
class OptedOut:
    """The guard heard an opt-out, and this is how writing it went."""

    words: str
    result: ActionResult


@dataclass(frozen=True, kw_only=True)
class MachineDetected:
    """The carrier says who answered: ``human``, ``machine_start``, ``fax``, …."""

    verdict: str


@dataclass(frozen=True, kw_only=True)
class ToneHeard:
    """A tone that no voice makes: a fax machine's, or the beep of a voicemail."""

    tone: Tone


@dataclass(frozen=True, kw_only=True)
class MusicHeard:
    """Music began on the caller's side, or has stopped."""

    is_playing: bool


@dataclass(frozen=True, kw_only=True)
class HangUpOrdered:
    """A person at the console, or the control plane, wants the call to end."""


@dataclass(frozen=True, kw_only=True)
class LineGone:
    """The stream has ended: the caller hung up, or the line broke."""


@dataclass(frozen=True, kw_only=True)
class PipelineFailed:
    """A processor reported an error that the call cannot survive."""

    fault: str


Event = (
    CallerSaid
    | CallerMayBeDone
    | CallerGoesOn
    | KeyPressed
    | SpeechOver
    | OptedOut
    | MachineDetected
    | ToneHeard
    | MusicHeard
    | HangUpOrdered
    | LineGone
    | PipelineFailed
)
