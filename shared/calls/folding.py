"""Many callbacks at once: each attempt of a batch is brought up to date, with few statements for all of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.calls.attempt import CallAttempt
from shared.calls.fold import fold
from shared.calls.give_up import release_slot
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


class CallFolds(Protocol):
    """Attempts and their inboxes, many at a time."""

    def keep(self, events: Sequence[ProviderEvent]) -> Sequence[ProviderEvent]:
        """Keep callbacks that came by a queue; returns those that were new. Those of no attempt are left out.

        Raises:
            Unavailable: They could not be kept.
        """
        ...

    def fold(self, attempt_ids: Iterable[AttemptId], join: Join) -> Sequence[CallAttempt]:
        """Join each attempt with its whole inbox and keep what came of it: all of them, or none.

        Nobody else changes these attempts meanwhile. Attempts that do not exist are left out.

        Raises:
            Conflict: A call of the carrier belongs to another attempt.
            Unavailable: They could not be read or written.
        """
        ...


def fold_attempts(attempt_ids: Iterable[AttemptId], *, folds: CallFolds, capacity: Capacity) -> Sequence[CallAttempt]:
    """Bring attempts up to date with their inboxes; of those that are over, free the slot and have the call closed.

    Safe to repeat, like ``fold_attempt``, of which it is the same for many.

    Raises:
        Conflict: A call of the carrier belongs to another attempt.
        Unavailable: The books cannot be read or written; nothing has changed.
    """
    folded = folds.fold(sorted(set(attempt_ids)), joined)
    for attempt in folded:
        if attempt.is_over:
            release_slot(attempt, capacity)
    return folded


def joined(attempt: CallAttempt, events: Sequence[ProviderEvent]) -> Joined:
    """The attempt with its inbox joined in; the first to find it over asks for its closing."""
    after = fold(attempt, events)
    if after == attempt or not after.is_over:
        return Joined(attempt=after)
    return Joined(attempt=after, messages=(NewMessage(topic="close", body={"attempt_id": attempt.id}),))
