"""Machines that pick up instead of a person: voicemail boxes, switchboards, faxes, call-screening assistants."""

from infra.simulator.carrier.mulaw import silence, tone
from infra.simulator.people.conversation import LINE_IS_SILENT_SECONDS, Conversation
from infra.simulator.people.ears import FRAME_SECONDS
from infra.simulator.people.mind import words_of
from infra.simulator.people.persona import Voice

BEEP_HZ, BEEP_SECONDS = 1000, 0.6
VOICEMAIL_LISTENS_SECONDS = 20.0
FULL_MAILBOX_WAITS_SECONDS = 2.0
MENU_WAITS_SECONDS, MENU_IS_SAID = 5.0, 3
FAX_HZ, FAX_SECONDS, FAX_WAITS_SECONDS = 2100, 2.9, 35.0
SCREENING_WAITS_SECONDS = 25.0
ASKS_THE_PERSON_SECONDS = 2.5
ASSISTANT = Voice(name="en-us+m6", words_per_minute=160)
SCREENING_PROMPT = (
    "hi the person you're calling is using a screening service please say your name and why you're calling"
)
SCREENING_HOLD = "thank you please stay on the line"
WHO_AND_WHY = ("calling", "asked", "about", "assistant", "home", "house", "property")


async def leave_to_voicemail(call: Conversation) -> None:
    """Play the greeting and the beep, then record until the caller hangs up or time is over."""
    await call.say(call.persona.greeting)
    call.line.speak(tone((BEEP_HZ,), BEEP_SECONDS))
    began = call.ears.seconds
    while call.ears.seconds - began < VOICEMAIL_LISTENS_SECONDS and await call.listen():
        is_after_beep = call.ears.seconds - began > BEEP_SECONDS
        if is_after_beep and not call.ears.silent_seconds:
            call.record.recorded += FRAME_SECONDS


async def leave_to_full_mailbox(call: Conversation) -> None:
    """Say that no message is taken, and hang up."""
    await call.say(call.persona.greeting)
    await _pause(call, FULL_MAILBOX_WAITS_SECONDS)
    call.line.hang_up()


async def leave_to_menu(call: Conversation) -> None:
    """Say the menu and wait for a key, a few times; then hang up."""
    for _ in range(MENU_IS_SAID):
        await call.say(call.persona.greeting)
        if not await _pause(call, MENU_WAITS_SECONDS):
            return
    call.line.hang_up()


async def leave_to_fax(call: Conversation) -> None:
    """Answer as fax machines do, and wait for the other one."""
    call.line.speak(silence(1.0) + tone((FAX_HZ,), FAX_SECONDS))
    while call.ears.seconds < FAX_WAITS_SECONDS and await call.listen():
        pass


async def leave_to_screening(call: Conversation) -> bool:
    """Ask who is calling and why, then the person; whether they take the call."""
    await call.say(SCREENING_PROMPT, voice=ASSISTANT)
    asked, began = len(call.words.since(call.line.call_sid, 0)), call.ears.seconds
    while call.ears.seconds - began < SCREENING_WAITS_SECONDS and await call.listen():
        said = call.words.since(call.line.call_sid, asked)
        explained = sum(f" {word} " in f" {words_of(' '.join(said))} " for word in WHO_AND_WHY) >= 2
        if explained and call.ears.silent_seconds > LINE_IS_SILENT_SECONDS:
            await call.say(SCREENING_HOLD, voice=ASSISTANT)
            call.read = asked + len(said)
            return await _pause(call, ASKS_THE_PERSON_SECONDS)
    return False


async def _pause(call: Conversation, seconds: float) -> bool:
    """Wait; whether the call still goes on."""
    began = call.ears.seconds
    while call.ears.seconds - began < seconds:
        if not await call.listen():
            return False
    return True
