"""Somebody calls one of our numbers.

Trigger: the carrier asks for TwiML. Answer: TwiML, always: the media stream to a worker; a sentence and a call-back
task when the desk is closed or every slot is taken; an apology when the books are out of reach.
"""

from typing import Any

from functions.bootstrap import Services
from functions.entry import entry
from functions.log import logger
from functions.twilio_request import FORBIDDEN, read_signed, twiml
from shared.adapters.twilio.twiml import connect, hang_up
from shared.calls.answer import SORRY, Connect, HangUp
from shared.calls.caller import InboundCall
from shared.calls.inbound import take_call
from shared.kernel.errors import Unavailable


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Take one call."""
    request = read_signed(event, services)
    if request is None:
        return FORBIDDEN
    fields = request.fields
    call = InboundCall(sid=request.sid, caller=fields.get("From", ""), number=fields.get("To", ""))
    try:
        decision = take_call(call, reception=services.reception, now=services.clock.now())
    except Unavailable as error:
        decision = HangUp(reason=type(error).__name__, sentence=SORRY)
    if isinstance(decision, Connect):
        return twiml(connect(decision, public_base_url=services.public_base_url))
    logger.warning("inbound call not talked to", extra={"call_sid": request.sid, "reason": decision.reason})
    return twiml(hang_up(decision))


lambda_handler = entry(handle)
