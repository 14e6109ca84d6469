"""Ringing a telephone until somebody picks up, or nobody does."""

from infra.simulator.carrier.call import Call
from infra.simulator.carrier.exchange import Exchange
from infra.simulator.line import NoPickUp, PickUp, Ring

NO_ANSWER_SIP = 480
CANCELLED_SIP = 487
UNKNOWN_NUMBER_SIP = 404


async def ring(call: Call, exchange: Exchange) -> PickUp | None:
    """Ring the call's number; ``None`` when the call ended instead of being answered.

    A busy or failing telephone does not ring. One that is not picked up in time ends as ``no-answer``.
    """
    exchange.initiated(call)
    telephone = exchange.telephone(call.order.to)
    if telephone is None:
        exchange.warn(call.sid, 13224)
        exchange.end(call, "failed", UNKNOWN_NUMBER_SIP)
        return None
    decision = await telephone.ring(
        Ring(call_sid=call.sid, from_number=call.order.from_number, to_number=call.order.to)
    )
    if call.is_over:
        return None
    timeout = call.order.timeout_seconds
    if isinstance(decision, NoPickUp):
        if decision.result != "no-answer":
            if not await call.ends_within(decision.after_seconds):
                exchange.end(call, decision.result, decision.sip_code)
            return None
        waits = float(timeout)
    else:
        waits = min(decision.after_seconds, float(timeout))
    exchange.rings(call)
    if await call.ends_within(waits):
        return None
    if isinstance(decision, NoPickUp) or decision.after_seconds > timeout:
        exchange.end(call, "no-answer", NO_ANSWER_SIP)
        return None
    exchange.answered(call, telephone)
    return decision
