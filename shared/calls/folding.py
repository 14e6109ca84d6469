"""Many callbacks at once: each attempt of a batch is brought up to date, with few statements for all of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.calls.attempt import CallAttempt
from shared.calls.callback import read_event
from shared.calls.fold import fold_told, uncounted_told
from shared.calls.give_up import release_slot
from shared.calls.lookup import TOPIC as RECONCILE
from shared.calls.ports import Capacity
from shared.calls.provider_event import ProviderEvent
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage


@dataclass(frozen=True, kw_only=True)
class Joined:
    """What an attempt is after its inbox was joined into it, and the messages that follow."""

    attempt: CallAttempt
    messages: tuple[NewMessage, ...] = ()


Join = Callable[[CallAttempt, Sequence[ProviderEvent]], Joined]


@dataclass(frozen=True, kw_only=True)
class Inbox:
    """An attempt and every callback of it, in the order of arrival; ``seen`` marks, for its keeper, when that was."""

    attempt: CallAttempt
    events: tuple[ProviderEvent, ...]
    seen: str = ""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Inboxes as they were read, and which of the callbacks that came are put into them: those that are new."""

    inboxes: tuple[Inbox, ...]
    new: tuple[ProviderEvent, ...] = ()


class CallFolds(Protocol):
    """Attempts and their inboxes, many at a time."""

    def open(self, attempt_ids: Iterable[AttemptId], *, came: Sequence[ProviderEvent] = ()) -> Opened:
        """Read the inboxes of ``attempt_ids``, and those of callbacks that came by a queue, which ``fold`` puts in.

        Callbacks of no attempt are left out.

        Raises:
            Unavailable: The inboxes could not be read.
        """
        ...

    def fold(self, opened: Opened, join: Join) -> Sequence[CallAttempt]:
        """Join each attempt with its whole inbox and keep what came of it: all of them, or none.

        Callbacks that are new are put into their inboxes in any case. What changed since it was opened is read once
        more.

        Raises:
            Conflict: A call of the carrier belongs to another attempt.
            Unavailable: They could not be read or written.
        """
        ...


def fold_opened(opened: Opened, *, folds: CallFolds, capacity: Capacity) -> Sequence[CallAttempt]:
    """Bring attempts up to date with their inboxes; of those that are over, free the slot and have the call closed.

    Safe to repeat, like ``fold_attempt``, of which it is the same for many.

    Raises:
        Conflict: A call of the carrier belongs to another attempt.
        Unavailable: The books cannot be read or written; nothing has changed.
    """
    folded = folds.fold(opened, joined)
    for attempt in folded:
        if attempt.is_over:
            release_slot(attempt, capacity)
    return folded


def joined(attempt: CallAttempt, events: Sequence[ProviderEvent]) -> Joined:
    """The attempt with its inbox joined in; the first to find it over asks for its closing.

    Of a call that the carrier made beside its own the reconciler is told, who hangs it up.
    """
    told = [read_event(event) for event in events]
    after = fold_told(attempt, told)
    body = {"attempt_id": attempt.id}
    messages = [NewMessage(topic=RECONCILE, body=body)] if uncounted_told(after, told) else []
    if after != attempt and after.is_over:
        messages.append(NewMessage(topic="close", body=body))
    return Joined(attempt=after, messages=tuple(messages))
