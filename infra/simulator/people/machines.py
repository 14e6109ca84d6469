"""Machines that pick up instead of a person: a voicemail box and a call-screening assistant."""

from infra.simulator.carrier.mulaw import tone
from infra.simulator.people.conversation import LINE_IS_SILENT_SECONDS, Conversation
from infra.simulator.people.mind import words_of
from infra.simulator.people.persona import Voice

BEEP_HZ, BEEP_SECONDS = 1000, 0.6
VOICEMAIL_LISTENS_SECONDS = 20.0
SCREENING_WAITS_SECONDS = 25.0
ASSISTANT = Voice(name="en-us+m6", words_per_minute=160)
SCREENING_PROMPT = (
    "hi the person you're calling is using a screening service please say your name and why you're calling"
)
WHO_AND_WHY = ("calling", "asked", "about", "assistant", "home", "house", "property")


async def leave_to_voicemail(call: Conversation) -> None:
    """Play the greeting and the beep, then record until the caller hangs up or time is over."""
    await call.say(call.persona.greeting)
    call.line.speak(tone((BEEP_HZ,), BEEP_SECONDS))
    began = call.ears.seconds
    while call.ears.seconds - began < VOICEMAIL_LISTENS_SECONDS and await call.listen():
        pass


async def leave_to_screening(call: Conversation) -> bool:
    """Ask who is calling and why; whether the assistant puts the caller through."""
    await call.say(SCREENING_PROMPT, voice=ASSISTANT)
    began = call.ears.seconds
    while call.ears.seconds - began < SCREENING_WAITS_SECONDS and await call.listen():
        said = call.words.since(call.line.call_sid, 0)
        explained = sum(f" {word} " in f" {words_of(' '.join(said))} " for word in WHO_AND_WHY) >= 2
        if explained and call.ears.silent_seconds > LINE_IS_SILENT_SECONDS:
            call.read = len(said)
            return True
    return False
