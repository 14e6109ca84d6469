"""A call's life: queued, ringing, talking, over."""

import asyncio

from infra.simulator.carrier.amd import detect
from infra.simulator.carrier.call import Call, Source
from infra.simulator.carrier.exchange import Exchange
from infra.simulator.carrier.interpreter import perform
from infra.simulator.carrier.orders import EVENTS, Order
from infra.simulator.carrier.ringing import ring
from infra.simulator.line import Telephone
from shared.kernel.errors import NotFound


def place(order: Order, exchange: Exchange) -> Call:
    """Accept a call; it is rung as soon as its turn comes."""
    call = exchange.open_call(order, "outbound-api")
    exchange.tasks.spawn(_outbound(call, exchange), "outbound call")
    return call


def ring_in(*, from_number: str, to_number: str, exchange: Exchange, telephone: Telephone | None = None) -> Call:
    """Have a person ring one of the account's numbers.

    Raises:
        NotFound: The account does not own ``to_number``, or nobody has ``from_number``.
    """
    owned = exchange.numbers.get(to_number)
    person = telephone or exchange.telephone(from_number)
    if owned is None or person is None:
        raise NotFound("no such number at this carrier")
    order = Order(
        to=to_number,
        from_number=from_number,
        url=owned.voice_url,
        method=owned.voice_method,
        fallback_url=owned.voice_fallback_url,
        status_callback=owned.status_callback,
        status_events=EVENTS[-1:],
    )
    call = exchange.open_call(order, "inbound")
    exchange.tasks.spawn(_inbound(call, person, exchange), "inbound call")
    return call


async def _outbound(call: Call, exchange: Exchange) -> None:
    if await call.ends_within(call.queue_milliseconds / 1000):
        return
    picked_up = await ring(call, exchange)
    if picked_up is None:
        return
    if order := call.order.detection:
        detecting = exchange.tasks.spawn(detect(call, order, picked_up, exchange), "machine detection")
        if not order.is_async:
            await asyncio.wait({detecting})
    await _conduct(call, _first_source(call), exchange)


async def _inbound(call: Call, person: Telephone, exchange: Exchange) -> None:
    exchange.initiated(call)
    exchange.rings(call)
    await _conduct(call, _first_source(call), exchange, person)


def _first_source(call: Call) -> Source:
    return Source(url=call.order.url, method=call.order.method, twiml=call.order.twiml)


async def _conduct(call: Call, source: Source | None, exchange: Exchange, caller: Telephone | None = None) -> None:
    """Run documents until there are none left or the call ends; a replacement interrupts the one running."""
    while source is not None and not call.is_over:
        running = asyncio.ensure_future(perform(call, source, exchange, caller))
        signals = [asyncio.ensure_future(event.wait()) for event in (call.over, call.replaced)]
        try:
            await asyncio.wait({running, *signals}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (running, *signals):
                task.cancel()
            await asyncio.wait({running, *signals})
        if not running.cancelled():
            running.result()
        source = call.take_replacement()
    exchange.end(call, "completed" if call.was_answered else "failed")
