"""Runs TwiML: fetches a document, performs its verbs, and follows where they lead."""

from infra.simulator.carrier.call import Call, Source
from infra.simulator.carrier.callbacks import detection_fields, voice_fields
from infra.simulator.carrier.exchange import Exchange
from infra.simulator.carrier.twiml import NOT_SCHEMA, BadTwiml, Document, read_document
from infra.simulator.carrier.verbs.registry import VERBS
from infra.simulator.carrier.verbs.scene import Scene
from infra.simulator.carrier.webhooks import NO_USABLE_ANSWER, WebhookFailed
from infra.simulator.line import Telephone

APOLOGY = "We are sorry, an application error has occurred. Goodbye."
UNANSWERING = frozenset({"Reject"})


async def perform(call: Call, source: Source, exchange: Exchange, caller: Telephone | None = None) -> None:
    """Run ``source`` and what follows from it; returns when nothing is left to do.

    ``caller`` is the person of an inbound call, which is answered with the first verb but ``<Reject>``.
    """
    may_fall_back = bool(call.order.fallback_url)
    while not call.is_over:
        try:
            document = await _load(call, source, exchange)
            following = await _run(call, document, exchange, caller)
        except BadTwiml as failure:
            exchange.warn(call.sid, failure.code, url=source.url)
            if not may_fall_back:
                await _apologise(call, exchange)
                return
            may_fall_back = False
            following = _fallback(call, source, failure.code)
        if following is None:
            return
        source = following


async def _load(call: Call, source: Source, exchange: Exchange) -> Document:
    if source.twiml:
        return read_document(source.twiml, url="")
    fields = voice_fields(call) | detection_fields(call) | dict(source.fields)
    try:
        reply = await exchange.webhooks.send(
            source.url, fields, purpose="twiml", call_sid=call.sid, method=source.method
        )
    except WebhookFailed as failure:
        raise BadTwiml(failure.code) from failure
    if not 200 <= reply.status < 300:
        raise BadTwiml(NO_USABLE_ANSWER)
    return read_document(reply.body, url=reply.url, content_type=reply.content_type)


async def _run(call: Call, document: Document, exchange: Exchange, caller: Telephone | None) -> Source | None:
    for element in document.verbs:
        verb = VERBS.get(element.tag)
        if verb is None:
            exchange.warn(call.sid, NOT_SCHEMA, element=element.tag)
            continue
        if caller and not call.was_answered and element.tag not in UNANSWERING:
            exchange.answered(call, caller)
        step = await verb(element, Scene(call=call, exchange=exchange, document_url=document.url))
        if step is not None or call.is_over:
            return step
    return None


def _fallback(call: Call, failed: Source, code: int) -> Source:
    return Source(
        url=call.order.fallback_url,
        method=call.order.fallback_method,
        fields=(("ErrorCode", str(code)), ("ErrorUrl", failed.url)),
    )


async def _apologise(call: Call, exchange: Exchange) -> None:
    if call.leg:
        call.leg.playout.write(await exchange.voice.speak(APOLOGY))
        await call.leg.playout.heard()
