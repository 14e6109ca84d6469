"""Calls: each with everything that is known of it, what is being said now, and whether the system is well."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query

from functions.api.access import Reach
from functions.api.answers import AttemptShown, CostLineShown, FeedShown, Health, Released
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId
from shared.outcomes.close import release_call

router = APIRouter(prefix="/v1", tags=["calls"])
open_router = APIRouter(prefix="/v1", tags=["health"])
BEGINNING = "0-0"
NO_CALL = "none"
"""A call that nobody has: the database answers at once."""
Cursor = Annotated[str, Query(pattern=r"^\d{1,20}(-\d{1,20})?$", description="The cursor of the answer before")]


@router.get("/attempts/{attempt_id}")
def show_attempt(attempt_id: AttemptId, services: Reach) -> AttemptShown:
    """One call: the attempt, the decisions, the carrier's callbacks, the report, the costs, the analysis."""
    attempt = services.calls.get(attempt_id)
    report = services.reports.get(attempt_id)
    decisions = services.calls.permissions(attempt.lead_id)
    analysis = services.analyses.newest(attempt_id) if services.analyses is not None else None
    return AttemptShown(
        attempt=asdict(attempt),
        disposition=services.calls.disposition(attempt_id),
        permissions=tuple({**asdict(each), "verdict": each.verdict} for each in decisions),
        events=tuple(asdict(event) for event in services.calls.events(attempt_id)),
        report=report.model_dump(mode="json") if report else None,
        cost_lines=tuple(CostLineShown.of(line) for line in services.costs.lines(attempt_id)),
        analysis=analysis.model_dump(mode="json") if analysis else None,
    )


@router.post("/attempts/{attempt_id}/release")
def release(attempt_id: AttemptId, services: Reach) -> Released:
    """Close a call that is over and whose report will not come: its lead, its number and its money are free again."""
    disposition = release_call(attempt_id, closing=services.closing, now=services.clock.now())
    return Released(id=attempt_id, disposition=disposition.value)


@router.get("/live")
def live(services: Reach, after: Cursor = BEGINNING, limit: Annotated[int, Query(ge=1, le=1000)] = 200) -> FeedShown:
    """What was said since ``after``; poll it."""
    lines = services.feed.after(after, limit=limit)
    entries = tuple(
        {
            "id": line.id,
            "attempt": line.attempt,
            "speaker": line.speaker,
            "kind": line.kind,
            "text": line.text,
            "at": line.at.isoformat(),
        }
        for line in lines
    )
    return FeedShown(entries=entries, cursor=lines[-1].id if lines else after)


@open_router.get("/health")
def health(services: Reach) -> Health:
    """Whether the database answers, and how much room for calls there is."""
    services.calls.owner_of(NO_CALL)
    try:
        free_slots = services.capacity.free()
    except Unavailable:
        free_slots = None
    return Health(status="ok", now=services.clock.now(), free_slots=free_slots)
