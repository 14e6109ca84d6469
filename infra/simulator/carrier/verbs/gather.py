"""``<Gather>``: keys pressed while something is said, and after it."""

import asyncio
from xml.etree.ElementTree import Element

from infra.simulator.carrier.call import Source
from infra.simulator.carrier.twiml import NOT_SCHEMA, seconds_of
from infra.simulator.carrier.verbs.scene import Scene
from infra.simulator.carrier.verbs.sound import pause, play, say

PROMPTS = {"Say": say, "Play": play, "Pause": pause}


async def gather(element: Element, scene: Scene) -> Source | None:
    """Collect keys, then ask ``action`` with ``Digits``; without any key the next verb follows.

    A key silences the prompt. Collecting ends with ``numDigits``, ``finishOnKey`` (not part of
    ``Digits``) or ``timeout`` seconds without a key after the prompt.
    """
    if "speech" in element.get("input", "dtmf"):
        scene.exchange.warn(scene.call.sid, NOT_SCHEMA, element="Gather input=speech")
    keys: asyncio.Queue[str] = asyncio.Queue()

    def pressed(key: str) -> None:
        scene.leg.playout.clear()
        keys.put_nowait(key)

    scene.leg.key_listeners.append(pressed)
    try:
        first = await _prompt(element, scene, keys)
        digits, finish = await _collect(element, keys, first)
    finally:
        scene.leg.key_listeners.remove(pressed)
    if not digits and not finish and element.get("actionOnEmptyResult") != "true":
        return None
    fields = {"Digits": digits} | ({"FinishedOnKey": finish} if finish else {})
    return scene.follow(element.get("action", ""), element.get("method"), **fields)


async def _prompt(element: Element, scene: Scene, keys: asyncio.Queue[str]) -> str | None:
    """Perform the nested verbs until they end or a key is pressed, and return that key."""

    async def perform() -> None:
        for child in element:
            if child.tag in PROMPTS:
                await PROMPTS[child.tag](child, scene)
            else:
                scene.exchange.warn(scene.call.sid, NOT_SCHEMA, element=child.tag)

    prompting, key = asyncio.ensure_future(perform()), asyncio.ensure_future(keys.get())
    try:
        await asyncio.wait({prompting, key}, return_when=asyncio.FIRST_COMPLETED)
        if key.done():
            return key.result()
        prompting.result()
        return None
    finally:
        prompting.cancel()
        key.cancel()


async def _collect(element: Element, keys: asyncio.Queue[str], first: str | None) -> tuple[str, str]:
    """The digits, and the key that finished them if one did."""
    finish_keys = element.get("finishOnKey", "#")
    most = int(seconds_of(element, "numDigits", 1000))
    timeout = seconds_of(element, "timeout", 5)
    digits, key = "", first
    while True:
        if key is None:
            try:
                async with asyncio.timeout(timeout):
                    key = await keys.get()
            except TimeoutError:
                return digits, ""
        if key in finish_keys:
            return digits, key
        digits, key = digits + key, None
        if len(digits) >= most:
            return digits, ""
