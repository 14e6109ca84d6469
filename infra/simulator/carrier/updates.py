"""Changing a call over REST: cancel, hang up, another document, another time limit."""

from infra.simulator.carrier.call import Call, Source
from infra.simulator.carrier.exchange import Exchange
from infra.simulator.carrier.orders import Form
from infra.simulator.carrier.refusals import bad_request

WRONG_STATE = 21220


def update_call(call: Call, form: Form, exchange: Exchange) -> None:
    """Do what an update request asks for.

    Raises:
        ApiRefusal: A parameter is not acceptable, or the call is not in a state for it.
    """
    status = form.choice("Status", ("", "canceled", "completed"), "")
    url, twiml = form.address("Url", code=21205), form.text("Twiml")
    if url and twiml:
        raise bad_request(20001, "Url and Twiml are mutually exclusive")
    if call.is_over and (status or url or twiml):
        raise bad_request(WRONG_STATE, "Call is not in-progress. Cannot redirect.")
    limit = form.whole("TimeLimit", 1, 86_400, 0) if form.text("TimeLimit") else 0
    method = form.method("Method")
    if status == "canceled" and call.was_answered:
        raise bad_request(WRONG_STATE, "Call is in-progress. Cannot cancel.")
    if status:
        exchange.end(call, "completed" if call.was_answered else "canceled", 200 if call.was_answered else 487)
        return
    if (url or twiml or limit) and not call.was_answered:
        raise bad_request(WRONG_STATE, "Call is not in-progress. Cannot redirect.")
    if limit:
        exchange.limit_time(call, limit)
    if url or twiml:
        exchange.redirect(call, Source(url=url, method=method, twiml=twiml))
