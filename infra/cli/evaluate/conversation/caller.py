"""The other side of a played call: somebody who answers, is silent, or hangs up."""

from typing import Protocol

from infra.cli.evaluate.conversation.scenario import PersonPart
from infra.simulator.people.mind import Mind


class Caller(Protocol):
    """Who talks with the agent."""

    def greeting(self) -> str:
        """What they say at the pick-up, while the opening plays; ``""`` for nothing."""
        ...

    def reply(self, said: str) -> str | None:
        """What they say to ``said``; ``None`` when they say nothing."""
        ...

    def hangs_up(self) -> bool:
        """Whether they hang up now instead of answering."""
        ...


class ScenarioPerson:
    """The person of a scenario, as the simulator's people answer."""

    def __init__(self, part: PersonPart) -> None:
        self._part = part
        self._mind = Mind(part)

    def greeting(self) -> str:
        """What they say at the pick-up."""
        return "" if 1 in self._part.silent_turns else self._part.turns.get(1, self._part.greeting)

    def reply(self, said: str) -> str | None:
        """The answer to what was asked last, by topic."""
        return self._mind.next_turn(said, is_asked=True)

    def hangs_up(self) -> bool:
        """Whether they have had enough."""
        return self._mind.has_had_enough
