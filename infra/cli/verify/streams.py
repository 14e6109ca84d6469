"""Points that need a call which streams: what comes over the socket, and what happens when it ends in each way."""

import asyncio
import base64
import time
from collections.abc import Sequence

from twilio.request_validator import RequestValidator

from infra.cli.verify.listener import Heard, MediaSocket, until
from infra.cli.verify.points import Verdict
from infra.cli.verify.stand import Stand

FRAME = base64.b64encode(b"\xff" * 160).decode()
FRAMES_PER_SECOND = 50
LISTEN_SECONDS = 1.5
LONG = "x" * 600
GOODBYE = "<Response><Say>Thank you.</Say><Hangup/></Response>"
PARAMETERS = f'<Parameter name="short" value="here"/><Parameter name="long" value="{LONG}"/>'
FRAGMENT = "#rc=2&rp=5xx"


async def look_at_stream(stand: Stand) -> str | None:
    """One call that shows most of a stream's life; our server closes the socket in the end. Its sid."""
    heard = stand.listener
    heard.answers |= {"/stream/answer": stand.streaming("stream", parameters=PARAMETERS), "/stream/after": GOODBYE}
    heard.failures["/stream/status"] = 1
    base = f"{heard.public_url}/stream"
    sid = await stand.place(
        "stream",
        status_callback=f"{base}/status{FRAGMENT}",
        fallback_url=f"{base}/fallback",
        machine_detection="Enable",
        async_amd="true",
        async_amd_status_callback=f"{base}/amd",
        record=True,
    )
    socket = await stand.answered_socket()
    if socket is None:
        await stand.hang_up(sid)
        return None
    await asyncio.sleep(LISTEN_SECONDS)
    _judge_socket(stand, socket)
    await _judge_marks(stand, socket)
    await until(lambda: heard.at("/stream/amd"), seconds=10)
    closed_at = time.monotonic()
    await socket.socket.close()
    went_on = await until(lambda: heard.at("/stream/after"), seconds=15)
    seen = f"asked {heard.at('/stream/after')[0].at - closed_at:.2f} s later" if went_on else "not within 15 s"
    stand.findings.judge("next_verb", went_on, seen)
    await stand.is_over(sid)
    await until(lambda: len(heard.at("/stream/stream")) >= 2, seconds=5)
    await _judge_callbacks(stand, sid)
    return sid


def _judge_socket(stand: Stand, socket: MediaSocket) -> None:
    signature = socket.headers.get("x-twilio-signature", "")
    fits = RequestValidator(stand.auth_token).compute_signature(stand.listener.media_url, {}) == signature
    seen = "there is none" if not signature else f"it {'fits' if fits else 'does not fit'} the address"
    stand.findings.judge("handshake_signed", fits, seen)
    sizes = {len(base64.b64decode(message["media"]["payload"])) for message in socket.of("media")}
    pace = len(socket.of("media")) / LISTEN_SECONDS
    is_as_said = sizes == {160} and abs(pace - FRAMES_PER_SECOND) < FRAMES_PER_SECOND / 5
    stand.findings.judge("frames", is_as_said, f"{sorted(sizes)} bytes, {pace:.0f} a second")
    parameters = socket.of("start")[0]["start"].get("customParameters", {})
    arrived = len(parameters.get("long", ""))
    seen = f"{arrived} of {len(LONG)} characters arrived"
    stand.findings.judge("long_parameter", arrived < len(LONG) and parameters.get("short") == "here", seen)


async def _judge_marks(stand: Stand, socket: MediaSocket) -> None:
    async def play(seconds: float, name: str) -> float:
        for _ in range(round(seconds * FRAMES_PER_SECOND)):
            await socket.send("media", media={"payload": FRAME})
        await socket.send("mark", mark={"name": name})
        return time.monotonic()

    def came(name: str) -> bool:
        return any(message["mark"]["name"] == name for message in socket.of("mark"))

    sent_at = await play(1.0, "played")
    is_back = await until(lambda: came("played"), seconds=5)
    took = time.monotonic() - sent_at
    stand.findings.judge("mark_after_play", is_back and took > 0.5, f"after {took:.2f} s" if is_back else "never")
    await play(5.0, "dropped")
    await socket.send("clear")
    sent_at = time.monotonic()
    is_back = await until(lambda: came("dropped"), seconds=3)
    took = time.monotonic() - sent_at
    stand.findings.judge("mark_after_clear", is_back, f"after {took:.2f} s" if is_back else "not within 3 s")


async def _judge_callbacks(stand: Stand, sid: str) -> None:
    heard, findings = stand.listener, stand.findings
    told = heard.at("/stream/stream")
    names = {name for callback in told for name in callback.fields}
    lacking = {"StreamSid", "StreamEvent", "CallSid", "Timestamp"} - names
    events = ", ".join(callback.fields.get("StreamEvent", "?") for callback in told)
    findings.judge("stream_callbacks", bool(told) and not lacking, f"{events or 'none'}; lacking {sorted(lacking)}")
    detections = heard.at("/stream/amd")
    fields = detections[0].fields if detections else {}
    seen = f"{fields.get('AnsweredBy')} after {fields.get('MachineDetectionDuration')} ms" if fields else "no callback"
    findings.judge("amd_async", {"AnsweredBy", "MachineDetectionDuration"} <= set(fields), seen)
    statuses = heard.at("/stream/status")
    _judge_signature(stand, statuses)
    again = [each for each in statuses if "i-twilio-idempotency-token" in each.headers]
    findings.judge("retry_token", bool(again), f"{len(again)} of {len(statuses)} callbacks carried the token")
    used = len(heard.at("/stream/fallback"))
    findings.judge("fallback_unused", used == 0, f"asked {used} times")
    recordings = await stand.ask(lambda: stand.client.recordings.list(call_sid=sid, limit=1))
    found = f"{recordings[0].status}, {recordings[0].duration} s" if recordings else "there is none"
    findings.judge("record_with_stream", bool(recordings), found)


def _judge_signature(stand: Stand, statuses: Sequence[Heard]) -> None:
    if not statuses:
        stand.findings.tell("fragment_unsigned", Verdict.NOT_SEEN, "no status callback came")
        return
    validator = RequestValidator(stand.auth_token)
    address = f"{stand.listener.public_url}/stream/status"
    signature = statuses[0].headers.get("x-twilio-signature", "")
    plain = validator.compute_signature(address, statuses[0].fields) == signature
    whole = validator.compute_signature(address + FRAGMENT, statuses[0].fields) == signature
    seen = "signed without it" if plain else "signed with it" if whole else "the signature fits neither"
    stand.findings.judge("fragment_unsigned", plain, seen)
