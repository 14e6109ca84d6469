"""Answering-machine detection: the verdict comes some seconds after the answer."""

import asyncio

from infra.simulator.carrier.call import Call
from infra.simulator.carrier.callbacks import detection_fields
from infra.simulator.carrier.exchange import Exchange
from infra.simulator.carrier.orders import Detection
from infra.simulator.line import AnsweredBy, PickUp

NO_CALLBACK = 21262


async def detect(call: Call, order: Detection, picked_up: PickUp, exchange: Exchange) -> None:
    """Wait for the verdict, keep it on the call, and report it when detection runs beside the call."""
    if order.is_async and not order.callback:
        exchange.warn(call.sid, NO_CALLBACK)
    verdict: AnsweredBy = _as_asked(picked_up.answered_by, order.mode)
    seconds = picked_up.decided_after_seconds
    if seconds > order.timeout_seconds:
        verdict, seconds = "unknown", float(order.timeout_seconds)
    if await call.ends_within(seconds):
        return
    call.answered_by = verdict
    call.detection_milliseconds = round(seconds * 1000)
    if not (order.is_async and order.callback):
        return
    fields = {"CallSid": call.sid, "AccountSid": call.account_sid} | detection_fields(call)
    if delay := exchange.dice.amd_delay(call.person):
        exchange.journal.note("fault", call.sid, event="amd", late_seconds=delay)
        await asyncio.sleep(delay)
    exchange.callbacks.send(call, order.callback, fields, event="amd", method=order.callback_method)


def _as_asked(answered_by: AnsweredBy, mode: str) -> AnsweredBy:
    """``Enable`` reports a machine at its first words, ``DetectMessageEnd`` at the end of its message."""
    if mode == "Enable" and answered_by.startswith("machine_"):
        return "machine_start"
    if mode == "DetectMessageEnd" and answered_by == "machine_start":
        return "machine_end_other"
    return answered_by
