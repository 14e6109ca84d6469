"""The person answered: the last gate, then the media stream.

Trigger: the carrier asks for TwiML. Answer: TwiML, always; whoever may not be talked to is hung up on,
and who cannot be talked to, because the books are out of reach, is told so.
"""

from typing import Any

from functions.answering import answering
from functions.carrier_doors import AnswerDoors
from functions.entry import entry, logger
from functions.twilio_request import FORBIDDEN, read_signed, twiml
from shared.adapters.twilio.twiml import connect, hang_up
from shared.calls.answer import SORRY, Connect, HangUp, answer_call
from shared.kernel.errors import Conflict, NotFound, Unavailable
from shared.metrics import Metric, count


def handle(event: dict[str, Any], doors: AnswerDoors) -> dict[str, Any]:
    """Answer an answered call."""
    request = read_signed(event, doors)
    if request is None:
        return FORBIDDEN
    try:
        decision = answer_call(request.attempt_id, request.sid, gate=doors.gate, now=doors.clock.now())
    except (NotFound, Conflict) as error:
        decision = HangUp(reason=type(error).__name__)
    except Unavailable as error:
        decision = HangUp(reason=type(error).__name__, sentence=SORRY)
    if isinstance(decision, Connect):
        return twiml(connect(decision, public_base_url=doors.public_base_url))
    count(Metric.GATE_REFUSALS, reason=decision.reason)
    logger.warning("answered call not let through", extra={"attempt": request.attempt_id, "reason": decision.reason})
    return twiml(hang_up(decision))


lambda_handler = entry(handle, wired=answering)
