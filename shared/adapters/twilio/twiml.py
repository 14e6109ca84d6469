"""Our answers to an answered call, in TwiML."""

from twilio.twiml.voice_response import Connect as ConnectVerb
from twilio.twiml.voice_response import VoiceResponse

from shared.calls.answer import Connect, HangUp


def connect(where: Connect, *, public_base_url: str) -> str:
    """Stream both directions to the worker; should the stream break, ask us again.

    On a normal end the worker hangs up by REST, so the redirect is reached after an abnormal one only.
    """
    public = public_base_url.rstrip("/")
    response = VoiceResponse()
    verb = ConnectVerb()
    stream = verb.stream(
        url=where.url,
        status_callback=f"{public}/v1/twilio/stream/{where.attempt_id}",
        status_callback_method="POST",
    )
    stream.parameter(name="token", value=where.token)
    stream.parameter(name="recovered", value=str(where.recovered))
    response.append(verb)
    response.redirect(f"{public}/v1/twilio/recover/{where.attempt_id}", method="POST")
    return str(response)


def hang_up(why: HangUp) -> str:
    """End the call, after the sentence if there is one: nobody hears silence who was promised a voice."""
    response = VoiceResponse()
    if why.sentence:
        response.say(why.sentence)
    response.hangup()
    return str(response)
