"""The media stream ended while the person is still on the line.

Trigger: the carrier follows the redirect behind the stream. Answer: TwiML. A conversation that came to its end is hung
up; otherwise the person is connected again, or told that we are sorry and promised a call-back; never silence.
"""

from typing import Any

from functions.answering import answering
from functions.carrier_doors import AnswerDoors
from functions.entry import entry, logger
from functions.twilio_request import FORBIDDEN, read_signed, twiml
from shared.adapters.twilio.twiml import connect, hang_up
from shared.calls.answer import Connect, HangUp
from shared.calls.recover import APOLOGY, recover_call
from shared.kernel.errors import Conflict, NotFound, Unavailable


def handle(event: dict[str, Any], doors: AnswerDoors) -> dict[str, Any]:
    """Save the call, or end it decently."""
    request = read_signed(event, doors)
    if request is None:
        return FORBIDDEN
    try:
        decision = recover_call(request.attempt_id, request.sid, recovery=doors.recovery, now=doors.clock.now())
    except (NotFound, Conflict) as error:
        decision = HangUp(reason=type(error).__name__)
    except Unavailable as error:
        decision = HangUp(reason=type(error).__name__, sentence=APOLOGY)
    if isinstance(decision, Connect):
        logger.warning("call recovered", extra={"attempt": request.attempt_id, "recoveries": decision.recovered})
        return twiml(connect(decision, public_base_url=doors.public_base_url))
    logger.info("call not recovered", extra={"attempt": request.attempt_id, "reason": decision.reason})
    return twiml(hang_up(decision))


lambda_handler = entry(handle, wired=answering)
