"""How sellers take calls, and the call-backs that wait for their people."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from functions.api.access import Reach
from functions.api.answers import HoursShown, Shown
from functions.api.bodies import Body, HoursBody, Phone
from shared.calls.desk import InboundDesk
from shared.calls.tasks import CallBackTask, TaskReason
from shared.kernel.ids import AttemptId, LeadId, SellerId
from shared.kernel.phone import normalise
from shared.kernel.week import DayHours
from shared.kernel.zones import zone

router = APIRouter(prefix="/v1", tags=["inbound"])
Who = Annotated[str, Query(min_length=1, max_length=200, description="Who did it")]


class DeskBody(Body):
    """When callers are talked to, on the seller's clock (no hours mean always), and whom they are put through to."""

    hours: tuple[HoursBody, ...] = ()
    timezone: str = Field(default="UTC", examples=["America/Chicago"])
    transfer_to: Phone | None = None


class DeskShown(Shown):
    """A seller's desk."""

    seller_id: SellerId
    hours: tuple[HoursShown, ...]
    timezone: str
    transfer_to: str | None
    open_now: bool


class TaskShown(Shown):
    """Somebody to be called back."""

    id: str
    seller_id: SellerId
    lead_id: LeadId
    attempt_id: AttemptId
    phone: str
    reason: TaskReason
    due_at: datetime
    made_at: datetime
    done_at: datetime | None
    done_by: str | None
    language: str | None

    @classmethod
    def of(cls, task: CallBackTask) -> "TaskShown":
        """The task, as it is shown."""
        return cls(**{name: getattr(task, name) for name in cls.model_fields})


@router.put("/sellers/{seller_id}/desk")
def put_desk(seller_id: SellerId, body: DeskBody, services: Reach) -> DeskShown:
    """Say when the seller's callers are talked to, and whom they may be put through to."""
    services.campaigns.seller(seller_id)
    hours = tuple(DayHours(weekday=each.weekday, opens=each.opens, closes=each.closes) for each in body.hours)
    transfer_to = normalise(body.transfer_to) if body.transfer_to else None
    desk = InboundDesk(seller_id=seller_id, hours=hours, timezone=zone(body.timezone).key, transfer_to=transfer_to)
    services.inbound.save_desk(desk)
    return _shown(desk, services.clock.now())


@router.get("/sellers/{seller_id}/desk")
def get_desk(seller_id: SellerId, services: Reach) -> DeskShown:
    """How the seller takes calls; without a word of theirs they are talked to at every hour."""
    services.campaigns.seller(seller_id)
    return _shown(services.inbound.desk(seller_id), services.clock.now())


@router.get("/tasks")
def list_tasks(services: Reach, seller_id: SellerId | None = None) -> list[TaskShown]:
    """Every call-back that waits for a person, the longest due first."""
    return [TaskShown.of(task) for task in services.tasks.open_tasks(seller_id)]


@router.post("/tasks/{task_id}/done")
def tick_off(task_id: str, services: Reach, by: Who = "api") -> TaskShown:
    """Tick a call-back off."""
    return TaskShown.of(services.tasks.done(task_id, by=by, now=services.clock.now()))


def _shown(desk: InboundDesk, now: datetime) -> DeskShown:
    return DeskShown(
        seller_id=desk.seller_id,
        hours=tuple(HoursShown(weekday=each.weekday, opens=each.opens, closes=each.closes) for each in desk.hours),
        timezone=desk.timezone,
        transfer_to=desk.transfer_to,
        open_now=desk.is_open(now),
    )
