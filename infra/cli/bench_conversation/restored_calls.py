"""Calls whose worker is killed after so many turns, and which another process goes on with."""

import multiprocessing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from infra.cli.bench_conversation.killed_part import PartOrder, hold_part
from infra.cli.bench_conversation.lone_call import Calendar, LoneCall, lone_brief
from infra.cli.bench_conversation.talks import MOST_TURNS, Talk
from shared.conversation import ConversationState, Stage
from shared.conversation.topics import CALLBACK, IDENTITY, LAST, SIGNED, SLOT, WRONG_NUMBER_CHECK
from shared.kernel.errors import Unavailable
from voice_node.agents.graph import decide_plainly

PATIENCE_SECONDS = 60.0
SENSIBLE = {
    IDENTITY: frozenset({"greet", "greet_undated", "is_this"}),
    WRONG_NUMBER_CHECK: frozenset({"wrong_number_check"}),
    SLOT: frozenset({"offer_first", "offer_only", "offer_two", "offer_one", "which_one", "what_time"}),
    CALLBACK: frozenset({"callback_ask", "callback_clarify", "callback_reach"}),
    SIGNED: frozenset({"agent_signed"}),
    LAST: frozenset({"anything_else"}),
}
"""What puts the question again that waits; a script's question is put by ``ask.`` or ``clarify.``."""
COUNTS = ("opted_out", "wrong_number", "not_interested", "has_agent", "is_booked", "callback_at", "wants_person")


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A call that is killed once ``after`` turns were answered; ``elsewhere`` goes on where the spool is not."""

    talk: Talk
    after: int
    elsewhere: bool


def every_trial(turns: Mapping[str, int], talks: Sequence[Talk]) -> list[Trial]:
    """Every moment of every talk, which has so many ``turns`` when nothing breaks it.

    By turns the call goes on at the same machine and at another.
    """
    moments = [(talk, after) for talk in talks for after in range(turns[talk.name] + 1)]
    return [Trial(talk=talk, after=after, elsewhere=bool(each % 2)) for each, (talk, after) in enumerate(moments)]


class KilledCalls:
    """Runs trials, each part in a process of its own. ``folder`` is theirs, with a real Redis at ``redis_url``."""

    def __init__(self, *, redis_url: str, folder: Path) -> None:
        self._redis_url = redis_url
        self._folder = folder
        self._forks = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload(["infra.cli.bench_conversation.preloaded"])
        self._count = 0

    def order(self, talk: Talk, **changes: Any) -> PartOrder:
        """The first part of a call that nobody has held before."""
        self._count += 1
        name = f"call{self._count}"
        order = PartOrder(
            name=name,
            talk=talk,
            part=0,
            redis_url=self._redis_url,
            folder=self._folder / "calls",
            worker="w1",
            calendar=self._folder / f"{name}.calendar",
        )
        return replace(order, **changes)

    def held(self, order: PartOrder) -> dict[str, Any]:
        """What a part came to, whose process ends by itself or is killed by ``SIGKILL`` once it has told.

        Raises:
            Unavailable: It told nothing.
        """
        ours, theirs = self._forks.Pipe(duplex=False)
        process = self._forks.Process(target=hold_part, args=(order, theirs))
        process.start()
        theirs.close()
        try:
            if not ours.poll(PATIENCE_SECONDS):
                raise Unavailable("a part of a call told nothing")
            told: dict[str, Any] = ours.recv()["done"]
        except EOFError as error:
            raise Unavailable("a part of a call died by itself") from error
        finally:
            if order.ends:
                process.join(PATIENCE_SECONDS)
            process.kill()
            process.join(PATIENCE_SECONDS)
            ours.close()
        return told

    def tried(self, trial: Trial) -> tuple[list[str], dict[str, Any]]:
        """What was wrong with how a call went on, and how its second part ended."""
        first = self.order(trial.talk, most=trial.after)
        before = self.held(first)
        folder = self._folder / "elsewhere" if trial.elsewhere else first.folder
        then = replace(first, part=1, turn=trial.after, most=MOST_TURNS, worker="w2", folder=folder, ends=True)
        after = self.held(then)
        return judged(before, after, calendar=first.calendar), after

    async def unbroken(self, talk: Talk) -> LoneCall:
        """The same call without a break, for comparison."""
        self._count += 1
        calendar = Calendar(file=self._folder / f"unbroken{self._count}.calendar")
        call = LoneCall(brief=lone_brief(talk.script, "unbroken"), decider=decide_plainly, calendar=calendar)
        await call.open()
        await call.go_on(talk)
        return call


def judged(before: dict[str, Any], after: dict[str, Any], *, calendar: Path) -> list[str]:
    """What was wrong with a second part, given how the first one had stood when it was killed."""
    stood = ConversationState.model_validate(before["state"])
    faults = [] if after["remembers"] else ["nothing was remembered"]
    first = after["acts"][0] if after["acts"] else []
    if not _is_sensible(first, stood):
        faults.append(f"went on with {first} where {stood.pending or stood.stage} waited")
    settled = {f"{how}.{field}" for field in stood.facts for how in ("ask", "clarify")}
    if stood.stage not in (Stage.GREETING, Stage.ENDED):
        settled |= SENSIBLE[IDENTITY]
    asked = {act for acts in after["acts"] for act in acts}
    faults += [f"asked again: {act}" for act in sorted(asked & settled)]
    lost = [name for name, fact in stood.facts.items() if after["state"]["facts"].get(name, {}).get("value") is None]
    faults += [f"forgot {name}" for name in lost]
    bookings = [each for each in Calendar(file=calendar).entries() if each["kind"] == "booking"]
    if len(bookings) > 1:
        faults.append("booked twice")
    return faults


def different(after: dict[str, Any], unbroken: LoneCall) -> list[str]:
    """In what a call that went on ended otherwise than the same call without a break."""
    state, other = after["state"], unbroken.driver.state.model_dump(mode="json")
    faults = [f"{name} is {state[name]}, not {other[name]}" for name in COUNTS if state[name] != other[name]]
    facts = {name: fact["value"] for name, fact in state["facts"].items()}
    if facts != {name: fact["value"] for name, fact in other["facts"].items()}:
        faults.append(f"knows {facts}")
    return faults


def _is_sensible(acts: Sequence[str], stood: ConversationState) -> bool:
    """Whether these lines follow where the call stood: they end with the question that waits, or with a goodbye."""
    if stood.stage is Stage.ENDED:
        return acts in ([], ["goodbye"])
    if not acts or stood.pending is None:
        return bool(acts)
    return acts[-1] in SENSIBLE.get(stood.pending, {f"ask.{stood.pending}", f"clarify.{stood.pending}"})
