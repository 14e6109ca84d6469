"""What a brief says beyond the bare facts of its call: the first words, earlier talks, what is ready to be said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict

from shared.calls.desk import InboundDesk
from shared.campaigns.opening import announces_recording
from shared.campaigns.prompts import Prompt, PromptKind, inbound_text, recovery_text, voicemail_text
from shared.conversation.brief import KnownFact


@dataclass(frozen=True, kw_only=True)
class Words:
    """Something to say, with its audio if it was rendered in these words."""

    text: str = ""
    audio: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What is known around a call.

    ``facts`` are those of the last report of a talk, as JSON values; ``goes_on`` says that it was of this very call.
    ``recorded`` is what the campaign wants, ``off_the_record`` that the person once objected, ``recordings`` are those
    of the earlier parts of this call.
    """

    opening: Words
    prompts: Sequence[Prompt] = ()
    facts: Sequence[Mapping[str, Any]] = ()
    spoken_at: datetime | None = None
    goes_on: bool = False
    missed_at: datetime | None = None
    promised_at: datetime | None = None
    voicemail_words: str | None = None
    opt_out_number: str | None = None
    desk: InboundDesk | None = field(default=None)
    recorded: bool = True
    off_the_record: bool = False
    recordings: tuple[str, ...] = ()


class ContextParts(TypedDict):
    """The fields of ``CallBrief`` that follow from the context."""

    opening_text: str
    opening_audio: bytes
    part: int
    known: tuple[KnownFact, ...]
    spoken_at: datetime | None
    goes_on: bool
    missed_at: datetime | None
    promised_at: datetime | None
    voicemail_text: str
    voicemail_audio: bytes
    transfer_to: str | None
    is_recorded: bool
    earlier_recordings: tuple[str, ...]


def context_parts(context: Context, *, direction: str, company: str, part: int, now: datetime) -> ContextParts:
    """What the brief of a call takes from its context; ``company`` is the seller's registered name."""
    opening = _first_words(context, direction=direction, company=company, part=part)
    message = Words()
    if context.voicemail_words and context.opt_out_number:
        text = voicemail_text(company, words=context.voicemail_words, opt_out_number=context.opt_out_number)
        message = _rendered(context.prompts, PromptKind.VOICEMAIL, text)
    desk = context.desk
    return ContextParts(
        opening_text=opening.text,
        opening_audio=opening.audio,
        part=part,
        known=_known(context.facts),
        spoken_at=context.spoken_at,
        goes_on=part > 0 and context.goes_on,
        missed_at=context.missed_at,
        promised_at=context.promised_at,
        voicemail_text=message.text,
        voicemail_audio=message.audio,
        transfer_to=desk.transfer_to if desk and desk.is_open(now) else None,
        is_recorded=_is_recorded(context, opening, part=part),
        earlier_recordings=context.recordings,
    )


def _is_recorded(context: Context, opening: Words, *, part: int) -> bool:
    """Whether the call may be recorded: it was announced in the words that were really said, and nobody objected.

    A later part says nothing of it: it is recorded where an earlier one was. What is not known counts as a no.
    """
    if not context.recorded or context.off_the_record:
        return False
    return bool(context.recordings) if part else announces_recording(opening.text)


def _first_words(context: Context, *, direction: str, company: str, part: int) -> Words:
    if part:
        return _rendered(context.prompts, PromptKind.RECOVERY, recovery_text(company))
    if direction == "inbound":
        return _rendered(context.prompts, PromptKind.INBOUND, inbound_text(company, recorded=context.recorded))
    return context.opening


def _rendered(prompts: Iterable[Prompt], kind: PromptKind, text: str) -> Words:
    """The words, with audio that says exactly these."""
    audio = next((each.audio for each in prompts if each.kind is kind and each.text == text), b"")
    return Words(text=text, audio=audio)


def _known(facts: Iterable[Mapping[str, Any]]) -> tuple[KnownFact, ...]:
    return tuple(
        KnownFact(field=fact["field"], value=fact["value"], quote=fact["quote"], confidence=fact["confidence"])
        for fact in facts
    )
