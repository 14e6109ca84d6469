"""``<Connect><Stream>``: hand the call's sound to a media socket until that ends."""

from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from infra.simulator.carrier.call import Source
from infra.simulator.carrier.streams import MediaStream, StreamOrder
from infra.simulator.carrier.twiml import NOT_SCHEMA, BadTwiml, resolve
from infra.simulator.carrier.verbs.scene import Scene

LONGEST_PARAMETER = 500


async def connect(element: Element, scene: Scene) -> Source | None:
    """Run the stream; then go on with ``action`` when there is one, else with the next verb."""
    nouns = [child for child in element if child.tag == "Stream"]
    if not nouns:
        scene.exchange.warn(scene.call.sid, NOT_SCHEMA, element="Connect without Stream")
    else:
        await MediaStream(_order(nouns[0], scene), call=scene.call, exchange=scene.exchange).run()
    if "action" in element.keys():  # noqa: SIM118 - an Element iterates over its children
        return scene.follow(element.get("action", ""), element.get("method"))
    return None


def _order(noun: Element, scene: Scene) -> StreamOrder:
    callback = noun.get("statusCallback", "")
    return StreamOrder(
        url=noun.get("url", "").strip(),
        name=noun.get("name", ""),
        parameters=tuple(_parameters(noun, scene)),
        callback=resolve(scene.document_url, callback) if callback else "",
        callback_method=noun.get("statusCallbackMethod", "POST").upper(),
        fault=_fault(noun),
    )


def _parameters(noun: Element, scene: Scene) -> list[tuple[str, str]]:
    pairs = []
    for child in noun:
        name, value = child.get("name", ""), child.get("value", "")
        if child.tag != "Parameter" or not name or len(name) + len(value) > LONGEST_PARAMETER:
            scene.exchange.warn(scene.call.sid, NOT_SCHEMA, element=f"Stream {child.tag} {name}")
            continue
        pairs.append((name, value))
    return pairs


def _fault(noun: Element) -> str:
    """What is wrong with the address of a stream, if anything."""
    try:
        parts = urlsplit(noun.get("url", "").strip())
    except ValueError as error:
        raise BadTwiml(NOT_SCHEMA) from error
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        return "the address is not a WebSocket address"
    if parts.query:
        return "the address has a query string"
    if noun.get("track", "inbound_track") != "inbound_track":
        return "a bidirectional stream has the inbound track only"
    return ""
