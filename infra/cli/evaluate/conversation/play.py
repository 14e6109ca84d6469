"""Play a scenario: a call without sound between the node's own conversation and somebody who answers."""

from dataclasses import dataclass, field

from infra.cli.evaluate.conversation.caller import Caller, ScenarioPerson
from infra.cli.evaluate.conversation.ending import Ended, ended
from infra.cli.evaluate.conversation.minutes import Minutes, TalkClock
from infra.cli.evaluate.conversation.scenario import Scenario, WorldPart
from infra.cli.evaluate.conversation.scene import brief_of
from infra.cli.evaluate.conversation.text_call import TextCall
from infra.cli.evaluate.conversation.versions import Version
from infra.cli.evaluate.conversation.world import World
from shared.conversation import CallBrief
from voice_node.agents.driver import Decider, Driver
from voice_node.brains.port import Brain
from voice_node.brains.scripted import ScriptedModel

MOST_EXCHANGES = 60
"""No call of ours may go on for so long; who plays one is not kept waiting for it."""


@dataclass(frozen=True, kw_only=True)
class Cast:
    """What talks for us: what decides, what words, and which version of the scripts."""

    decider: Decider
    brain: Brain = field(default_factory=ScriptedModel)
    version: Version = field(default_factory=Version)


async def play(scenario: Scenario, cast: Cast) -> Ended:
    """The whole call of a scenario."""
    call = put_together(
        brief_of(scenario), cast, part=scenario.world, clock=TalkClock(scenario.on_clock(scenario.call.now))
    )
    await talk(call, ScenarioPerson(scenario.person))
    return ended(call)


def put_together(brief: CallBrief, cast: Cast, *, part: WorldPart, clock: TalkClock) -> TextCall:
    """A call that has not begun."""
    minutes = Minutes(clock)
    standing = brief.booked.starts_at if brief.booked is not None else None
    world = World(part=part, minutes=minutes, appointment=standing)
    spoken = cast.version.spoken(brief)
    driver = Driver(spoken, decider=cast.decider, actions=world, clock=clock)
    return TextCall(brief=spoken, driver=driver, brain=cast.brain, world=world, minutes=minutes)


async def talk(call: TextCall, caller: Caller) -> None:
    """Take turns until somebody hangs up."""
    greeting = caller.greeting()
    said = " ".join(filter(None, (call.brief.opening_text, await call.begin(greeting))))
    for _ in range(MOST_EXCHANGES):
        if call.ended_by is not None:
            return
        if caller.hangs_up():
            call.hang_up()
            return
        answer = caller.reply(said)
        said = await (call.silence() if answer is None else call.hear(answer))
