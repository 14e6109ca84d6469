"""A chat from the first line to the disposition."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import click
from rich.console import Console
from rich.text import Text

from infra.cli.evaluate.conversation.ending import Ended, ended
from infra.cli.evaluate.conversation.minutes import TalkClock
from infra.cli.evaluate.conversation.play import Cast, put_together
from infra.cli.evaluate.conversation.scenario import (
    NOON_OF_A_TUESDAY,
    CallPart,
    Expected,
    PersonPart,
    Scenario,
    WorldPart,
)
from infra.cli.evaluate.conversation.scene import brief_of
from infra.cli.evaluate.conversation.text_call import TextCall
from infra.cli.looks import coloured, moment, plain_reason, words
from shared.conversation import ConversationState, Move
from shared.conversation.script import load_script
from shared.conversation.understanding.understand import understand
from shared.outcomes import Disposition
from voice_node.agents.driver import Decider
from voice_node.agents.graph import GraphDecider
from voice_node.agents.turn import Scene

QUIT = "/quit"


@dataclass(frozen=True, kw_only=True)
class Talk:
    """What is to be talked about, and with whom; ``at`` is on the person's clock."""

    script: str
    brain: str = "scripted"
    manner: str | None = None
    first_name: str = "Alex"
    subject: str = "12 Oak Street"
    direction: Literal["outbound", "inbound"] = "outbound"
    timezone: str = "America/Chicago"
    at: datetime | None = None
    explains: bool = False

    def scenario(self) -> Scenario:
        """The talk as a call; nothing is expected of it."""
        call = CallPart(
            first_name=self.first_name,
            subject=self.subject,
            direction=self.direction,
            timezone=self.timezone,
            now=self.at or NOON_OF_A_TUESDAY,
        )
        nothing = Expected(disposition=Disposition.NOT_QUALIFIED)
        return Scenario(version=1, name="chat", script=self.script, call=call, person=PersonPart(), expected=nothing)


async def hold(talk: Talk, console: Console) -> None:
    """Talk until somebody hangs up, then say what came of it.

    Raises:
        NotFound: There is no such script.
        Unavailable: The language model is not there.
    """
    load_script(talk.script)
    scenario = talk.scenario()
    async with _cast(talk, console) as cast:
        clock = TalkClock(scenario.on_clock(scenario.call.now))
        call = put_together(brief_of(scenario), cast, part=WorldPart(), clock=clock)
        print_words(console, call.brief.opening_text)
        print_words(console, await call.begin(""))
        while call.ended_by is None:
            line = await asyncio.to_thread(_read)
            if line is None or line == QUIT:
                call.hang_up()
            else:
                print_words(console, await _answered(call, line))
    print_outcome(console, ended(call), timezone=talk.timezone)


def _read() -> str | None:
    """A line of the person's; ``None`` at the end of the input."""
    try:
        return str(click.prompt("You", default="", show_default=False, prompt_suffix=": ")).strip()
    except click.Abort:
        return None


async def _answered(call: TextCall, line: str) -> str:
    if not line:
        return await call.silence()
    if line.startswith("/") and len(line) == 2:
        return await call.press(line[1])
    return await call.hear(line)


@asynccontextmanager
async def _cast(talk: Talk, console: Console) -> AsyncIterator[Cast]:
    decider: Decider = GraphDecider()
    if talk.explains:
        decider = Explaining(decider, console)
    if talk.brain == "scripted":
        yield Cast(decider=decider)
        return
    from infra.cli.evaluate.conversation.brains import ollama_brain, ollama_settings  # nobody else needs a server

    with ollama_settings(talk.manner) as settings:
        async with ollama_brain(settings) as brain:
            yield Cast(decider=decider, brain=brain)


class Explaining:
    """Says, before the turn is decided, what was understood of it."""

    def __init__(self, decider: Decider, console: Console) -> None:
        self._decider = decider
        self._console = console

    async def __call__(self, state: ConversationState, text: str, scene: Scene) -> Move:
        """The decision as it would be anyway."""
        found = understand(text, state=state, brief=scene.brief, now=scene.now, knowledge=scene.script.topics)
        move = await self._decider(state, text, scene)
        told = [f"{name}={each.value} ({each.confidence:g})" for name, each in found.told.items()]
        parts = (
            ", ".join(sorted(words(act) for act in found.acts)) or "nothing",
            f"facts {', '.join(told)}" if told else "",
            f"time {found.when.callback(scene.now):%a %b %d %H:%M}" if found.when and found.when.has_time else "",
            f"answered by the {move.agent.value}",
        )
        self._console.print(f"  [{'; '.join(filter(None, parts))}]", style="dim", markup=False, highlight=False)
        return move


def print_words(console: Console, said: str) -> None:
    """What the agent says."""
    if said:
        console.print(Text.assemble(("Agent: ", "cyan"), said), highlight=False)


def print_outcome(console: Console, over: Ended, *, timezone: str) -> None:
    """How the call would have been closed."""
    report = over.report
    console.print()
    console.print(Text.assemble("Disposition: ", coloured(over.disposition, "bold")))
    if over.appointment is not None:
        console.print(f"Appointment: {moment(over.appointment, timezone)}", highlight=False)
    if report.callback_at is not None:
        console.print(f"Call back: {moment(report.callback_at, timezone)}", highlight=False)
    for fact in report.facts:
        console.print(f"  {words(fact.field)}: {fact.value}  “{fact.quote}”", highlight=False, markup=False)
    if report.score is None:
        console.print("Score: nothing to score", highlight=False)
        return
    console.print(f"Score: {report.score} of 100", highlight=False)
    for reason in report.score_reasons:
        line = f"  {reason.points:>3} of {reason.most}  {reason.name}: {plain_reason(reason.why)}"
        console.print(line, highlight=False, markup=False)
