"""The two papers of a rehearsal: a pass that stands in the page's address, and a ticket to one worker."""

import base64
from datetime import datetime, timedelta
from typing import TypeVar

from pydantic import ValidationError

from shared.conversation.brief import CallBrief, Message
from shared.conversation.rehearsal import MARK, Wish
from shared.kernel.errors import Malformed, Refused
from shared.kernel.sealed import seal, unseal

PASS, TICKET = "talk pass", "talk ticket"
PASS_FOR, TICKET_FOR = timedelta(hours=1), timedelta(minutes=1)
Paper = TypeVar("Paper", bound=Message)


class NoLongerGood(Refused):
    """The paper has expired, or is for another worker or an earlier life of it."""


class TalkPass(Message):
    """Lets whoever has it begin rehearsals of one wish until ``expires_at``."""

    wish: Wish
    expires_at: datetime


class TalkTicket(Message):
    """Brings one rehearsal to one life of one worker, with all that the conversation needs.

    ``opening`` is the audio of the brief in base64; the brief itself travels without.
    """

    worker: str
    epoch: str
    expires_at: datetime
    brief: CallBrief
    opening: str


def write_pass(secret: str, wish: Wish, *, now: datetime) -> str:
    """A pass for an hour from ``now`` on."""
    return _sealed(secret, TalkPass(wish=wish, expires_at=now + PASS_FOR), PASS)


def read_pass(secret: str, text: str, *, now: datetime) -> TalkPass:
    """The pass that was written.

    Raises:
        BadSeal: It is none of ours.
        NoLongerGood: It has expired.
    """
    found = _opened(secret, text, TalkPass, PASS)
    if now >= found.expires_at:
        raise NoLongerGood("this link has expired: ask for a new one with `reauto talk`")
    return found


def write_ticket(secret: str, brief: CallBrief, *, worker: str, epoch: str, now: datetime) -> str:
    """A ticket for a minute from ``now`` on."""
    ticket = TalkTicket(
        worker=worker,
        epoch=epoch,
        expires_at=now + TICKET_FOR,
        brief=brief.model_copy(update={"opening_audio": b""}),
        opening=base64.b64encode(brief.opening_audio).decode(),
    )
    return _sealed(secret, ticket, TICKET)


def read_ticket(secret: str, text: str, *, worker: str, epoch: str, now: datetime) -> CallBrief:
    """The brief of the rehearsal that a ticket lets in.

    Raises:
        BadSeal: It is none of ours.
        NoLongerGood: It has expired, or is for another worker or an earlier life of it.
        Refused: It does not bear the mark of a rehearsal.
    """
    found = _opened(secret, text, TalkTicket, TICKET)
    if now >= found.expires_at or (found.worker, found.epoch) != (worker, epoch):
        raise NoLongerGood("this ticket is no longer good: begin again")
    if not found.brief.attempt_id.startswith(MARK):
        raise Refused("this is no rehearsal")
    return found.brief.model_copy(update={"opening_audio": base64.b64decode(found.opening)})


def _sealed(secret: str, paper: Message, purpose: str) -> str:
    return seal(secret, paper.model_dump_json().encode(), purpose=purpose)


def _opened(secret: str, text: str, kind: type[Paper], purpose: str) -> Paper:
    body = unseal(secret, text, purpose=purpose)
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise Malformed(f"this {purpose} is of another version") from error
