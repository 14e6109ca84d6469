"""``<Say>``, ``<Play>`` and ``<Pause>``: what the person hears."""

import asyncio
from xml.etree.ElementTree import Element

from infra.simulator.carrier.call import Source
from infra.simulator.carrier.mulaw import KEY_TONES_HZ, UnreadableSound, read_sound, silence, tone
from infra.simulator.carrier.twiml import WRONG_TYPE, resolve, seconds_of, times_of, words_of
from infra.simulator.carrier.verbs.scene import Scene
from infra.simulator.carrier.webhooks import NO_USABLE_ANSWER, WebhookFailed

TONE_SECONDS = 0.2
GAP_SECONDS = 0.1
WAIT_SECONDS = {"w": 0.5, "W": 1.0}


async def say(element: Element, scene: Scene) -> Source | None:
    """Read the words aloud."""
    await _hear(await scene.exchange.voice.speak(words_of(element)), times_of(element), scene)
    return None


async def play(element: Element, scene: Scene) -> Source | None:
    """Play a file, or the tones of ``digits``. A file that cannot be had is skipped."""
    if digits := element.get("digits"):
        await _hear(_tones(digits), 1, scene)
        return None
    url = resolve(scene.document_url, words_of(element))
    try:
        reply = await scene.exchange.webhooks.send(url, {}, purpose="play", call_sid=scene.call.sid, method="GET")
    except WebhookFailed as failure:
        scene.exchange.warn(scene.call.sid, failure.code, url=url)
        return None
    if reply.status != 200:
        scene.exchange.warn(scene.call.sid, NO_USABLE_ANSWER, url=url)
        return None
    try:
        audio = read_sound(reply.body, reply.content_type)
    except UnreadableSound:
        scene.exchange.warn(scene.call.sid, WRONG_TYPE, url=url)
        return None
    await _hear(audio, times_of(element), scene)
    return None


async def pause(element: Element, scene: Scene) -> Source | None:
    """Wait in silence."""
    await asyncio.sleep(seconds_of(element, "length", 1))
    return None


async def _hear(audio: bytes, times: int, scene: Scene) -> None:
    for _ in range(times):
        scene.leg.playout.write(audio)
        await scene.leg.playout.heard()


def _tones(digits: str) -> bytes:
    parts = []
    for digit in digits:
        if digit in WAIT_SECONDS:
            parts.append(silence(WAIT_SECONDS[digit]))
        elif digit in KEY_TONES_HZ:
            parts += [tone(KEY_TONES_HZ[digit], TONE_SECONDS), silence(GAP_SECONDS)]
    return b"".join(parts)
