"""The media stream ended while the person is still on the line.

Trigger: the carrier follows the redirect behind the stream. Answer: TwiML. First cut: a report that says that the call
ended normally ends it; otherwise the person is connected again, at most twice, or told that we are sorry.
"""

from typing import Any

from functions.bootstrap import Services
from functions.entry import entry, logger
from functions.twilio_request import FORBIDDEN, read_signed, twiml
from shared.adapters.twilio.twiml import connect, hang_up
from shared.calls.answer import APOLOGY, Connect, HangUp, recover_call
from shared.kernel.errors import Conflict, NotFound, Unavailable

NORMAL_ENDS = ("agent", "caller")


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Save the call, or end it decently."""
    request = read_signed(event, services)
    if request is None:
        return FORBIDDEN
    try:
        report = services.reports.get(request.attempt_id)
        decision = recover_call(
            request.attempt_id,
            request.sid,
            ended_normally=report is not None and report.ended_by in NORMAL_ENDS,
            gate=services.gate,
            now=services.clock.now(),
        )
    except (NotFound, Conflict) as error:
        decision = HangUp(reason=type(error).__name__)
    except Unavailable as error:
        decision = HangUp(reason=type(error).__name__, sentence=APOLOGY)
    if isinstance(decision, Connect):
        logger.warning("call recovered", extra={"attempt": request.attempt_id, "recoveries": decision.recovered})
        return twiml(connect(decision, public_base_url=services.public_base_url))
    logger.info("call not recovered", extra={"attempt": request.attempt_id, "reason": decision.reason})
    return twiml(hang_up(decision))


lambda_handler = entry(handle)
