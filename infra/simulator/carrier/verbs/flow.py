"""``<Redirect>``, ``<Hangup>`` and ``<Reject>``: where the call goes, and how it ends."""

from xml.etree.ElementTree import Element

from infra.simulator.carrier.call import Source
from infra.simulator.carrier.twiml import words_of
from infra.simulator.carrier.verbs.scene import Scene


async def redirect(element: Element, scene: Scene) -> Source | None:
    """Go on with another document."""
    return scene.follow(words_of(element), element.get("method"))


async def hang_up(element: Element, scene: Scene) -> Source | None:
    """End the call."""
    scene.exchange.end(scene.call, "completed")
    return None


async def reject(element: Element, scene: Scene) -> Source | None:
    """Turn an inbound call away unanswered; once answered, the same as hanging up."""
    if scene.call.was_answered:
        return await hang_up(element, scene)
    if element.get("reason") == "busy":
        scene.exchange.end(scene.call, "busy", 486)
    else:
        scene.exchange.end(scene.call, "failed", 603)
    return None
