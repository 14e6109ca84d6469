"""Points about how a streaming call ends: dropped, silent, redirected, hung up; and what it cost in the end."""

import asyncio
import time

from infra.cli.verify.listener import until
from infra.cli.verify.points import Verdict
from infra.cli.verify.stand import Stand
from infra.cli.verify.streams import GOODBYE

NOBODY = "nobody picked up"
ELSEWHERE = "<Response><Say>This is the new document.</Say><Hangup/></Response>"


async def look_at_dropped_socket(stand: Stand, *, silent: bool) -> None:
    """What the carrier does when our end vanishes: at once, or without a word."""
    name, point = ("silent", "silent_socket") if silent else ("dropped", "aborted_socket")
    stand.listener.answers |= {f"/{name}/answer": stand.streaming(name), f"/{name}/after": GOODBYE}
    sid = await stand.place(name)
    socket = await stand.answered_socket()
    if socket is None:
        stand.findings.tell(point, Verdict.NOT_SEEN, NOBODY)
        await stand.hang_up(sid)
        return
    began = time.monotonic()
    if silent:
        socket.frozen = True
    else:
        socket.abort()
    patience = stand.silence_seconds if silent else 15.0
    went_on = await until(lambda: stand.listener.at(f"/{name}/after"), seconds=patience)
    took = time.monotonic() - began
    stand.findings.judge(point, went_on, f"after {took:.1f} s" if went_on else f"not within {patience:.0f} s")
    await stand.hang_up(sid)


async def look_at_update(stand: Stand) -> None:
    """Whether a new address for a streaming call takes over."""
    stand.listener.answers |= {"/update/answer": stand.streaming("update"), "/update/elsewhere": ELSEWHERE}
    sid = await stand.place("update")
    socket = await stand.answered_socket()
    if socket is None:
        stand.findings.tell("update_in_connect", Verdict.NOT_SEEN, NOBODY)
        await stand.hang_up(sid)
        return
    elsewhere = f"{stand.listener.public_url}/update/elsewhere"
    await stand.ask(lambda: stand.client.calls(sid).update(url=elsewhere, method="POST"))
    took_over = await until(lambda: stand.listener.at("/update/elsewhere"), seconds=10)
    has_ended = await until(lambda: socket.ended_at is not None, seconds=5)
    after = len(stand.listener.at("/update/after"))
    seen = f"new document {'asked for' if took_over else 'not asked for'}, stream {'ended' if has_ended else 'goes on'}"
    stand.findings.judge("update_in_connect", took_over and has_ended and not after, f"{seen}, old verbs run: {after}")
    await stand.hang_up(sid)


async def look_at_hang_up(stand: Stand) -> None:
    """Whether hanging up by REST ends it for good."""
    stand.listener.answers |= {"/ending/answer": stand.streaming("ending"), "/ending/after": GOODBYE}
    sid = await stand.place("ending")
    if await stand.answered_socket() is None:
        stand.findings.tell("hang_up", Verdict.NOT_SEEN, NOBODY)
        await stand.hang_up(sid)
        return
    await stand.hang_up(sid)
    is_over = await stand.is_over(sid)
    await asyncio.sleep(1.0)
    after = len(stand.listener.at("/ending/after"))
    seen = f"the call {'is over' if is_over else 'goes on'}, later verbs run: {after}"
    stand.findings.judge("hang_up", is_over and not after, seen)


async def look_at_price(stand: Stand, sid: str) -> None:
    """How long after its end a call has a price."""
    began = time.monotonic()
    while (took := time.monotonic() - began) < stand.price_seconds:
        call = await stand.ask(lambda: stand.client.calls(sid).fetch())
        if call.price is not None:
            said = f"{call.price} {call.price_unit} after {took:.0f} s"
            stand.findings.tell("price_delay", Verdict.MEASURED, said)
            return
        await asyncio.sleep(min(5.0, stand.price_seconds / 10))
    stand.findings.tell("price_delay", Verdict.MEASURED, f"no price within {stand.price_seconds:.0f} s")


async def look_at_pace(stand: Stand) -> None:
    """Whether calls beyond the pace are queued; they are taken back before they ring for long."""
    calls = [
        await stand.ask(lambda: stand.client.calls.create(to=stand.to, from_=stand.caller_id, twiml=GOODBYE, timeout=5))
        for _ in range(3)
    ]
    for call in calls:
        await _take_back(stand, str(call.sid))
    waits = [int(call.queue_time or 0) for call in calls]
    stand.findings.judge("queue_time", waits[-1] > 0, f"{', '.join(map(str, waits))} ms for three calls at once")


async def look_at_unanswered(stand: Stand, number: str) -> None:
    """How long a phone rings that nobody answers, and what that costs."""
    rings = stand.rings_seconds
    stand.listener.answers["/unanswered/answer"] = GOODBYE
    began = time.monotonic()
    sid = await stand.place("unanswered", to=number, timeout=rings)
    if not await stand.is_over(sid, seconds=rings + 20):
        await stand.hang_up(sid)
    took = time.monotonic() - began
    call = await stand.ask(lambda: stand.client.calls(sid).fetch())
    if call.status != "no-answer":
        stand.findings.tell("ring_timeout", Verdict.NOT_SEEN, f"the call ended as {call.status}")
        return
    stand.findings.judge("ring_timeout", took <= rings + 10, f"Timeout {rings} s, over after {took:.1f} s")
    is_free = call.price is None or abs(float(call.price)) == 0
    stand.findings.judge("unanswered_free", is_free, f"price {call.price}")


async def _take_back(stand: Stand, sid: str) -> None:
    from twilio.base.exceptions import TwilioRestException

    try:
        await stand.ask(lambda: stand.client.calls(sid).update(status="canceled"))
    except TwilioRestException:
        await stand.hang_up(sid)
