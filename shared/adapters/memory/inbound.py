"""Calls that come to us, prompts and tasks in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.adapters.memory.costs import reserve
from shared.adapters.memory.store import MemoryStore
from shared.calls import RANK, AttemptState, CallAttempt, Direction
from shared.calls.desk import InboundDesk
from shared.calls.tasks import BY_A_PERSON, CallBackTask, TaskReason
from shared.campaigns.prompts import Prompt, PromptKind
from shared.costs import Reservation
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.ids import CampaignId, SellerId
from shared.kernel.outbox import NewMessage
from shared.leads import Lead


class MemoryInboundRepository:
    """``InboundBook`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def desk(self, seller_id: SellerId) -> InboundDesk:
        return self._store.desks.get(seller_id) or InboundDesk(seller_id=seller_id)

    def save_desk(self, desk: InboundDesk) -> None:
        self._store.desks[desk.seller_id] = desk

    def by_sid(self, sid: str) -> CallAttempt | None:
        with self._store.lock:
            return next(iter(self._store.attempts.where("sid", sid)), None)

    def lead_of(self, phone: str, *, seller_id: str) -> Lead | None:
        with self._store.lock:
            theirs = [lead for lead in self._store.leads.where("phone", phone) if lead.seller_id == seller_id]
        return max(theirs, key=lambda lead: lead.created_at, default=None)

    def admit(
        self,
        attempt: CallAttempt,
        lead: Lead,
        reservation: Reservation,
        *messages: NewMessage,
        task: tuple[TaskReason, datetime] | None = None,
    ) -> CallAttempt:
        with self._store.lock:
            if attempt.provider_sid is not None and self.by_sid(attempt.provider_sid) is not None:
                raise Conflict(f"call {attempt.provider_sid} is kept already")
            reserve(self._store, reservation)
            known = self._store.leads.get(lead.id)
            self._store.put_lead(replace(known, promised_at=lead.promised_at) if known else lead)
            earlier = [
                each for each in self._store.attempts.where("lead", lead.id) if each.direction is Direction.INBOUND
            ]
            admitted = replace(attempt, attempt_no=1 + len(earlier))
            self._store.attempts[attempt.id] = admitted
            self._store.reservations[attempt.id] = reservation
            self._store.put_messages(*messages)
            if task is not None:
                reason, due_at = task
                self._store.add_task(admitted, reason, due_at=due_at, now=attempt.planned_at)
        return admitted

    def silence(self, phone: str, *, now: datetime) -> Sequence[CallAttempt]:
        hushed = []
        with self._store.lock:
            for attempt in self._store.attempts.where("phone", phone):
                if attempt.direction is Direction.OUTBOUND and RANK[attempt.state] < RANK[AttemptState.ANSWERED]:
                    quiet = replace(attempt, talk_until=min(attempt.talk_until or now, now))
                    self._store.attempts[attempt.id] = quiet
                    hushed.append(quiet)
        return hushed


class MemoryPromptRepository:
    """``PromptRepository`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def save_prompt(self, prompt: Prompt) -> None:
        self._store.prompts[prompt.campaign_id, prompt.voice, prompt.kind] = prompt

    def prompt(self, campaign_id: CampaignId, *, voice: str, kind: PromptKind) -> Prompt | None:
        return self._store.prompts.get((campaign_id, voice, kind))


class MemoryTaskRepository:
    """``TaskRepository`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def open_tasks(self, seller_id: SellerId | None = None) -> Sequence[CallBackTask]:
        with self._store.lock:
            waiting = [task for task in self._store.tasks.values() if self._is_open(task)]
        theirs = [task for task in waiting if seller_id in (None, task.seller_id)]
        return sorted(theirs, key=lambda task: (task.due_at, task.id))

    def done(self, task_id: str, *, by: str, now: datetime) -> CallBackTask:
        with self._store.lock:
            task = self._store.tasks.get(task_id)
            if task is None:
                raise NotFound(f"no task {task_id}")
            if task.done_at is None:
                task = self._store.tasks[task_id] = replace(task, done_at=now, done_by=by)
            return task

    def _is_open(self, task: CallBackTask) -> bool:
        spoken_at = self._store.leads[task.lead_id].spoken_at
        have_spoken = spoken_at is not None and spoken_at > task.made_at
        return task.done_at is None and (task.reason in BY_A_PERSON or not have_spoken)
