"""The dialogue without a pipeline: what it says and when it ends."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from shared.conversation import ActionResult
from shared.conversation.machines import Tone
from shared.kernel.errors import Unavailable
from tests.voice_node.doubles import NOON, Parrot, PlainBrain, make_brief
from voice_node.cast import Voices
from voice_node.dialogue import WRAP_UP_SECONDS, Dialogue
from voice_node.events import (
    CallerGoesOn,
    CallerMayBeDone,
    CallerSaid,
    HangUpOrdered,
    KeyPressed,
    LineGone,
    MachineDetected,
    PipelineFailed,
    SpeechOver,
    ToneHeard,
)
from voice_node.minutes import Ending, Minutes
from voice_node.turns.playout import Playout, Utterance
from voice_node.turns.silence import SilenceLadder

PATIENCE = 0.05


@dataclass
class PromptMouth:
    """Speech is heard at once, unless it ``holds`` it."""

    playout: Playout
    holds: bool = False
    times_interrupted: int = 0
    said: list[str] = field(default_factory=list)
    protected: list[str] = field(default_factory=list)
    prepared: list[str] = field(default_factory=list)
    turns: list[tuple[int, int]] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    dropped: int = 0

    async def say(
        self, text: str, *, turn: int, is_protected: bool = False, decided_at: float | None = None
    ) -> Utterance:
        utterance = self.playout.draft(text)
        await self._sent(utterance, turn=turn, is_protected=is_protected, decided_at=decided_at)
        return utterance

    async def _sent(self, utterance: Utterance, *, turn: int, is_protected: bool, decided_at: float | None) -> None:
        self.said.append(utterance.text)
        if is_protected:
            self.protected.append(utterance.text)
        self.playout.confirm(utterance, turn=turn, is_protected=is_protected, decided_at=decided_at)
        self.playout.begin(utterance)
        self.playout.sent(1.0)
        mark = self.playout.finish(utterance)
        if not self.holds:
            self.playout.marked(mark)

    async def prepare(self, text: str, *, turn: int) -> Utterance:
        self.prepared.append(text)
        return self.playout.draft(text, turn=turn)

    async def release(
        self, utterance: Utterance, *, turn: int, is_protected: bool = False, decided_at: float | None = None
    ) -> None:
        self.released.append(utterance.text)
        self.turns.append((utterance.turn, turn))
        await self._sent(utterance, turn=turn, is_protected=is_protected, decided_at=decided_at)

    async def drop_prepared(self) -> None:
        self.dropped += 1

    async def play(self, mulaw: bytes, *, text: str, turn: int) -> Utterance:
        return await self.say(text, turn=turn, is_protected=True)

    async def hush(self) -> None:
        self.playout.clear()


@dataclass
class Caller:
    """Somebody who makes no sound."""

    caller_is_speaking: bool = False
    last_sound_at: float = 0.0


@dataclass
class Scene:
    """A dialogue and everything around it."""

    dialogue: Dialogue
    mouth: PromptMouth
    minutes: Minutes
    talker: Parrot
    caller: Caller
    holding: asyncio.Task[Ending] | None = None

    def hear(self, text: str) -> None:
        self.minutes.add_turn("caller", text, started=0, ended=0)
        self.dialogue.inbox.put_nowait(CallerSaid(text=text, at=0.0, number=len(self.minutes.turns)))

    async def ending(self) -> Ending:
        async with asyncio.timeout(5):
            return await self.dialogue.hold()

    async def settle(self) -> None:
        """Let the dialogue react to what it was told."""
        if self.holding is None:
            self.holding = asyncio.create_task(self.dialogue.hold())
        for _ in range(20):
            await asyncio.sleep(0)


def scene(*, patience: float = 60.0, **brief_changes: Any) -> Scene:
    begun = time.monotonic()

    def now() -> float:
        return time.monotonic() - begun

    brief = make_brief(**brief_changes)
    minutes = Minutes(brief=brief, call_sid="CA1", started_at=NOON)
    playout = Playout(now)
    mouth, talker, caller = PromptMouth(playout), Parrot(brief), Caller()

    async def opt_out(words: str) -> ActionResult:
        return ActionResult.UNKNOWN

    dialogue = Dialogue(
        brief,
        talker=talker,
        voices=Voices(
            mouth=mouth,
            brain=PlainBrain(),
            playout=playout,
            silence=SilenceLadder(playout=playout, caller=caller, now=now, patience_seconds=patience),
        ),
        minutes=minutes,
        opt_out=opt_out,
        now=now,
    )
    playout.listeners.over.append(lambda _: dialogue.inbox.put_nowait(SpeechOver()))
    return Scene(dialogue, mouth, minutes, talker, caller)


async def test_the_opening_is_followed_by_the_first_move() -> None:
    it = scene()

    await it.settle()

    assert it.mouth.said == ["Hi, this is Ava.", "Is this Bob?"]
    assert it.mouth.protected == ["Hi, this is Ava."]


async def test_an_opening_that_was_not_rendered_is_spoken() -> None:
    it = scene(opening_audio=b"")

    await it.settle()

    assert it.mouth.protected == ["Hi, this is Ava."]


async def test_silence_is_answered_rung_by_rung_until_goodbye() -> None:
    it = scene(patience=PATIENCE)

    assert await it.ending() == Ending(by="agent", reason="say")
    assert it.mouth.said[2:] == ["Are you there?", "Are you there?"]


async def test_words_start_the_silence_over() -> None:
    it = scene(patience=PATIENCE)
    ending = asyncio.create_task(it.dialogue.hold())
    while len(it.mouth.said) < 3:  # noqa: ASYNC110 - the first rung
        await asyncio.sleep(0.005)

    it.hear("yes")
    await ending

    assert it.mouth.said[2:] == ["Are you there?", "You said yes.", "Are you there?", "Are you there?"]


async def test_the_goodbye_is_heard_before_the_call_ends() -> None:
    it = scene()
    await it.settle()
    it.mouth.holds = True
    it.hear("bye")

    await it.settle()
    assert it.holding is not None
    assert not it.holding.done()
    it.mouth.playout.marked("u3")

    assert (await it.holding).by == "agent"
    assert it.mouth.protected[-1] == "You said bye."


async def test_what_noise_cut_short_is_said_again() -> None:
    it = scene()
    await it.settle()
    it.mouth.holds = True
    it.hear("one")
    await it.settle()

    it.mouth.playout.clear()
    it.hear("")
    await it.settle()

    assert it.mouth.said[2:] == ["You said one.", "You said one."]


async def test_a_pause_that_was_taken_for_the_end_is_mended() -> None:
    it = scene()
    await it.settle()
    it.mouth.holds = True
    it.hear("no")
    await it.settle()

    it.mouth.playout.clear()
    it.mouth.holds = False
    it.hear("not yet")
    await it.settle()

    assert it.talker.heard_words == ["", "no not yet"]
    assert it.mouth.said[-1] == "You said no not yet."


async def test_a_reply_is_prepared_in_the_pause_and_said_when_the_turn_is_over() -> None:
    it = scene()
    await it.settle()

    it.dialogue.inbox.put_nowait(CallerMayBeDone(text="Yes, please"))
    await it.settle()
    assert (it.mouth.prepared, it.talker.heard_words) == (["You said Yes, please."], [""])

    it.hear("yes please")
    await it.settle()

    assert it.mouth.released == ["You said Yes, please."]
    assert it.mouth.said[2:] == ["You said Yes, please."]
    assert it.mouth.turns == [(2, 2)]  # it was prepared as the turn that it became
    assert it.talker.heard_words == ["", "yes please"]
    assert (it.minutes.eager.hits, it.minutes.eager.misses) == (1, 0)


async def test_a_prepared_reply_is_dropped_without_trace_when_the_caller_goes_on() -> None:
    it = scene()
    await it.settle()

    it.dialogue.inbox.put_nowait(CallerMayBeDone(text="yes"))
    await it.settle()
    it.dialogue.inbox.put_nowait(CallerGoesOn())
    await it.settle()
    assert it.mouth.said[2:] == []
    it.hear("yes but not now")
    await it.settle()

    assert it.mouth.said[2:] == ["You said yes but not now."]
    assert it.talker.heard_words == ["", "yes but not now"]
    assert it.mouth.dropped == 1
    assert it.minutes.eager.wasted_characters == len("You said yes.")


async def test_a_reply_to_words_that_were_not_said_in_the_end_is_dropped() -> None:
    it = scene()
    await it.settle()

    it.dialogue.inbox.put_nowait(CallerMayBeDone(text="in one month"))
    await it.settle()
    it.hear("in nine months")
    await it.settle()

    assert it.mouth.said[2:] == ["You said in nine months."]
    assert (it.minutes.eager.hits, it.minutes.eager.misses) == (0, 1)


async def test_the_same_words_are_prepared_for_once() -> None:
    it = scene()
    await it.settle()

    for text in ("yes please", "Yes please!"):
        it.dialogue.inbox.put_nowait(CallerMayBeDone(text=text))
        await it.settle()

    assert it.mouth.prepared == ["You said yes please."]
    assert it.mouth.dropped == 0


async def test_noise_at_the_end_of_the_opening_does_not_stop_the_call() -> None:
    it = scene()
    it.mouth.holds = True
    await it.settle()
    it.caller.caller_is_speaking = True
    it.mouth.playout.marked("u1")
    await it.settle()

    it.caller.caller_is_speaking = False
    it.hear("")
    await it.settle()

    assert it.mouth.said == ["Hi, this is Ava.", "Is this Bob?"]


async def test_an_announcement_to_who_waits_is_not_answered() -> None:
    it = scene()
    await it.settle()
    for text in ("yes", "hold on a second", "thank you for holding", "I'm back"):
        it.hear(text)
        await it.settle()

    assert it.talker.heard_words == ["", "yes", "hold on a second", "I'm back"]


async def test_nothing_is_prepared_while_the_opening_plays() -> None:
    it = scene()
    it.mouth.holds = True
    await it.settle()

    it.dialogue.inbox.put_nowait(CallerMayBeDone(text="hello"))
    await it.settle()

    assert it.mouth.prepared == []


async def test_whatever_else_is_said_drops_what_was_prepared() -> None:
    it = scene()
    await it.settle()

    it.dialogue.inbox.put_nowait(CallerMayBeDone(text="yes"))
    await it.settle()
    it.dialogue.inbox.put_nowait(KeyPressed(digit="5", at=0.0))
    await it.settle()

    assert it.mouth.said[2:] == ["Key 5."]
    assert it.mouth.dropped == 1


async def test_the_first_question_waits_for_who_speaks_into_the_end_of_the_opening() -> None:
    it = scene()
    it.mouth.holds = True
    await it.settle()
    it.caller.caller_is_speaking = True

    it.mouth.playout.marked("u1")
    await it.settle()
    assert it.mouth.said == ["Hi, this is Ava."]

    it.caller.caller_is_speaking = False
    it.hear("hello")
    await it.settle()

    assert it.talker.heard_words == ["hello"]
    assert len(it.mouth.said) == 2


@pytest.mark.parametrize(("turns", "ends"), [(0, True), (1, True), (2, False)])
async def test_the_talker_decides_what_a_machine_verdict_means(turns: int, ends: bool) -> None:
    it = scene()
    await it.settle()
    for number in range(turns):
        it.hear(f"word {number}")

    it.dialogue.inbox.put_nowait(MachineDetected(verdict="machine_end_beep"))
    await it.settle()

    assert it.holding is not None
    assert it.holding.done() is ends


async def test_a_machine_cuts_the_opening_short_and_hears_no_greeting() -> None:
    it = scene()
    it.mouth.holds = True
    await it.settle()

    it.dialogue.inbox.put_nowait(MachineDetected(verdict="unsure"))
    await it.settle()

    assert it.mouth.said == ["Hi, this is Ava."]
    assert it.mouth.playout.is_silent
    assert it.holding is not None
    assert not it.holding.done()


async def test_the_words_of_a_machine_during_the_opening_end_it() -> None:
    it = scene()
    it.mouth.holds = True
    await it.settle()
    it.hear("please leave a message")
    await it.settle()

    assert it.holding is not None
    assert it.holding.done()


async def test_a_beep_is_followed_by_the_message_and_the_end() -> None:
    it = scene(voicemail_text="Please call us back.", voicemail_audio=b"\xff" * 800)
    await it.settle()

    it.dialogue.inbox.put_nowait(ToneHeard(tone=Tone.BEEP))

    assert it.holding is not None
    assert await it.holding == Ending(by="agent", reason="message_left")
    assert it.mouth.said[-1] == "Please call us back."
    assert it.mouth.protected[-1] == "Please call us back."


async def test_who_comes_to_the_telephone_later_hears_the_opening() -> None:
    it = scene()
    await it.settle()
    it.hear("put through")
    await it.settle()

    assert it.mouth.said[2:] == ["Hi, this is Ava.", "You said put through."]
    assert it.mouth.protected == ["Hi, this is Ava.", "Hi, this is Ava."]


async def test_a_fax_is_left_without_a_word() -> None:
    it = scene()
    await it.settle()
    before = list(it.mouth.said)

    it.dialogue.inbox.put_nowait(ToneHeard(tone=Tone.FAX))

    assert it.holding is not None
    assert (await it.holding).by == "agent"
    assert it.mouth.said == before


async def test_a_human_verdict_changes_nothing() -> None:
    it = scene()
    await it.settle()

    it.dialogue.inbox.put_nowait(MachineDetected(verdict="human"))
    await it.settle()

    assert it.holding is not None
    assert not it.holding.done()


async def test_an_opt_out_ends_the_call_whatever_came_of_writing_it() -> None:
    it = scene()
    await it.settle()

    await it.dialogue.stop_calling("stop")
    it.hear("wait")
    await it.settle()

    assert it.mouth.said[2:] == ["Removed: unknown."]
    assert it.holding is not None
    assert it.holding.result().by == "agent"


async def test_whoever_ends_it_is_told_apart() -> None:
    by_caller, ordered = scene(), scene()
    by_caller.dialogue.inbox.put_nowait(LineGone())
    ordered.dialogue.inbox.put_nowait(HangUpOrdered())

    assert await by_caller.ending() == Ending(by="caller", reason="hung_up")
    assert await ordered.ending() == Ending(by="agent", reason="ordered")


async def test_the_call_is_ended_before_the_carrier_cuts_it() -> None:
    it = scene(time_limit=timedelta(seconds=WRAP_UP_SECONDS + 0.05))

    assert (await it.ending()).by == "agent"
    assert it.mouth.said[-1] == "Goodbye."


async def test_a_broken_pipeline_breaks_the_call() -> None:
    it = scene()
    it.dialogue.inbox.put_nowait(PipelineFailed(fault="the voice is gone"))

    with pytest.raises(Unavailable, match="the voice is gone"):
        await it.ending()
