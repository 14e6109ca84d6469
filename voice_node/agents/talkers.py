"""Who talks on a worker's calls: the driver with its memory and the analyst behind it."""

from collections.abc import Callable

from shared.conversation import CallBrief
from shared.kernel.clock import Clock
from voice_node.agents.analyst import Analyst, Extractor
from voice_node.agents.driver import Decider, Driver
from voice_node.agents.memory import Memories
from voice_node.cast import Actions


def talkers(
    decider: Decider, *, memories: Memories, clock: Clock, extractor: Extractor | None = None
) -> Callable[[CallBrief, Actions], Driver]:
    """What makes the talker of a call; ``extractor`` is the model that looks for facts behind the speech, if any."""

    def make(brief: CallBrief, actions: Actions) -> Driver:
        analyst = Analyst(brief=brief, clock=clock, extractor=extractor)
        memory = memories.of(brief)
        return Driver(brief, decider=decider, actions=actions, clock=clock, memory=memory, analyst=analyst)

    return make
