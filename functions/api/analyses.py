"""What is found out about a call behind it; it can be found out again."""

from fastapi import APIRouter

from functions.api.access import Reach
from functions.api.answers import Created
from shared.kernel.ids import AttemptId
from shared.outcomes.order_analysis import analysis_order

router = APIRouter(prefix="/v1", tags=["calls"])


@router.post("/attempts/{attempt_id}/analysis", status_code=202)
def analyse(attempt_id: AttemptId, services: Reach) -> Created:
    """Have a call analysed anew, with the rules and the model of today; the call itself shows what was found."""
    services.costs.ask_later(analysis_order(attempt_id, closing=services.closing, scripts=services.scripts))
    return Created(id=attempt_id)
