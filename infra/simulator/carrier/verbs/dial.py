"""``<Dial>``: ring other telephones and connect the first that is picked up."""

import asyncio
from collections.abc import Callable
from xml.etree.ElementTree import Element

from infra.simulator.carrier.call import Call, Source
from infra.simulator.carrier.legs import Leg
from infra.simulator.carrier.mulaw import silence, tone
from infra.simulator.carrier.numbers import is_dialable
from infra.simulator.carrier.orders import EVENTS, LONGEST_CALL_SECONDS, Order
from infra.simulator.carrier.ringing import ring
from infra.simulator.carrier.twiml import NOT_SCHEMA, resolve, seconds_of, words_of
from infra.simulator.carrier.verbs.scene import Scene
from infra.simulator.line import PickUp

RINGBACK_HZ = (440, 480)
RINGBACK_PERIOD_SECONDS = 6
UNREACHABLE = 13224


async def dial(element: Element, scene: Scene) -> Source | None:
    """Connect the call to another; then go on with ``action``, told how it went, or the next verb."""
    children = _children(element, scene)
    tasks = [asyncio.create_task(ring(child, scene.exchange)) for child in children]
    try:
        answered = await _first_answered(children, tasks, scene, int(seconds_of(element, "timeout", 30)))
        if answered:
            await _talk(scene.leg, answered)
    finally:
        for task in tasks:
            task.cancel()
        for child in children:
            scene.exchange.end(child, "completed" if child.was_answered else "canceled", 487)
    if "action" not in element.keys():  # noqa: SIM118 - an Element iterates over its children
        return None
    status = answered.status if answered else (children[-1].status if children else "failed")
    fields = {"DialCallStatus": status, "DialBridged": "true" if answered else "false"}
    if children:
        fields["DialCallSid"] = (answered or children[-1]).sid
    if answered:
        fields["DialCallDuration"] = str(answered.talked_seconds)
    return scene.follow(element.get("action", ""), element.get("method"), **fields)


def _children(element: Element, scene: Scene) -> list[Call]:
    """A call for each number, given as ``<Number>`` or as bare text."""
    nouns = [child for child in element if child.tag == "Number"] or [element]
    for child in element:
        if child.tag != "Number":
            scene.exchange.warn(scene.call.sid, NOT_SCHEMA, element=f"Dial {child.tag}")
    calls = []
    for noun in nouns:
        number = "".join(words_of(noun).split())
        if not is_dialable(number):
            scene.exchange.warn(scene.call.sid, UNREACHABLE)
            continue
        order = _order(element, noun, number, scene)
        calls.append(scene.exchange.open_call(order, "outbound-dial", parent_sid=scene.call.sid))
    return calls


def _order(element: Element, noun: Element, number: str, scene: Scene) -> Order:
    callback = noun.get("statusCallback", "")
    asked = noun.get("statusCallbackEvent", "completed").split()
    shown = scene.call.order.from_number if scene.call.direction != "inbound" else scene.call.order.to
    return Order(
        to=number,
        from_number=element.get("callerId", shown),
        status_callback=resolve(scene.document_url, callback) if callback else "",
        status_callback_method=noun.get("statusCallbackMethod", "POST").upper(),
        status_events=tuple(event for event in asked if event in EVENTS),
        timeout_seconds=int(seconds_of(element, "timeout", 30)),
        time_limit_seconds=int(seconds_of(element, "timeLimit", LONGEST_CALL_SECONDS)),
    )


async def _first_answered(
    children: list[Call], tasks: list[asyncio.Task[PickUp | None]], scene: Scene, seconds: int
) -> Call | None:
    """Wait until one is picked up and give up the others; ``None`` when none is."""
    period = tone(RINGBACK_HZ, 2) + silence(RINGBACK_PERIOD_SECONDS - 2)
    scene.leg.playout.write(period * (seconds // RINGBACK_PERIOD_SECONDS + 1))
    try:
        waiting = set(tasks)
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            answered = next((child for child in children if child.was_answered), None)
            if answered:
                for child in children:
                    if child is not answered:
                        scene.exchange.end(child, "canceled", 487)
                return answered
        return None
    finally:
        scene.leg.playout.forget()


async def _talk(caller: Leg, answered: Call) -> None:
    """Let both hear each other until the dialled call ends."""
    assert answered.leg is not None
    to_dialled: Callable[[bytes], None] = answered.leg.playout.write
    to_caller: Callable[[bytes], None] = caller.playout.write
    caller.frame_listeners.append(to_dialled)
    answered.leg.frame_listeners.append(to_caller)
    try:
        await answered.over.wait()
    finally:
        caller.frame_listeners.remove(to_dialled)
        answered.leg.frame_listeners.remove(to_caller)
