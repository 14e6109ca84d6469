"""What a call leaves for the seller's people to do: ring somebody back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shared.kernel.ids import AttemptId, LeadId, SellerId


class TaskReason(StrEnum):
    """Why somebody is to be rung back."""

    OUTSIDE_HOURS = "outside_hours"
    FULL = "full"
    WANTS_PERSON = "wants_person"
    LANGUAGE = "language"


BY_A_PERSON = frozenset({TaskReason.WANTS_PERSON, TaskReason.LANGUAGE})
"""Only a person closes these: that a machine has spoken with them since does not help."""


@dataclass(frozen=True, kw_only=True)
class CallBackTask:
    """Somebody who waits for a call, and since when it is due. Open until a person has done it.

    A lead that may be called by a machine is promised that call as well (``Lead.promised_at``), and its task closes
    once the two have spoken; a task for who ``wants_person``, or speaks another ``language`` (ISO 639-1), only a person
    closes.
    """

    id: str
    seller_id: SellerId
    lead_id: LeadId
    attempt_id: AttemptId
    phone: str
    reason: TaskReason
    due_at: datetime
    made_at: datetime
    done_at: datetime | None = None
    done_by: str | None = None
    language: str | None = None


class TaskRepository(Protocol):
    """Where call-back tasks are kept. They are made with the call that leaves them."""

    def open_tasks(self, seller_id: SellerId | None = None) -> Sequence[CallBackTask]:
        """What is still to do, the longest due first; of one seller, or of all."""
        ...

    def done(self, task_id: str, *, by: str, now: datetime) -> CallBackTask:
        """Tick a task off. Safe to repeat: the first one counts.

        Raises:
            NotFound: There is no such task.
        """
        ...
