"""Calls that are over are analysed from the outbox: always by rules, with a model's words where those hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shared.adapters.memory.outbox import MemoryOutbox
from shared.conversation.after.analysis import CallAnalysis
from shared.conversation.after.evidence import Findings, ProposedFact
from shared.conversation.after.summary import Draft, plain_summary
from shared.kernel.errors import Unavailable
from shared.kernel.outbox import NewMessage
from tests.shared.conversation.after.calls import TALK, order_of, turns_of
from tests.voice_node.doubles import NOON, StillClock
from voice_node.analyses import Analyses
from voice_node.errands import RETRY_IN, Errands

ORDER = order_of(*turns_of((*TALK[:7], ("caller", "the house is in great shape"), *TALK[7:])))


@dataclass
class Shelf:
    """Keeps analyses, or cannot."""

    is_away: bool = False
    kept: list[CallAnalysis] = field(default_factory=list)

    def add(self, analysis: CallAnalysis) -> None:
        if self.is_away:
            raise Unavailable("the database is away")
        self.kept.append(analysis)


@dataclass
class Writer:
    """An ``Extractor`` that sums up and finds one fact, or is away."""

    is_away: bool = False
    asked: list[str] = field(default_factory=list)

    async def extract(self, messages: Sequence[Mapping[str, str]], schema: Any, *, deadline: timedelta) -> Any:
        self.asked.append(schema.__name__)
        if self.is_away:
            raise Unavailable("no model")
        if schema is Draft:
            return Draft(summary="Bob has a new job and no agent. He is a millionaire with 3 houses.")
        return Findings(facts=(ProposedFact(field="condition", value="2", quote="in great shape"),))


def errands(shelf: Shelf, body: dict[str, Any], writer: Writer | None = None) -> tuple[Errands, MemoryOutbox]:
    outbox = MemoryOutbox()
    outbox.put([NewMessage(topic="analyse", body=body)], NOON)
    analyses = Analyses(kept=shelf, clock=StillClock(), summariser=writer, extractor=writer, model="small")
    return Errands(outbox=outbox, takes={"analyse": analyses}, clock=StillClock()), outbox


def waiting(outbox: MemoryOutbox) -> int:
    return len(outbox.lease(topic="analyse", now=NOON + RETRY_IN, lease_for=RETRY_IN, limit=9))


async def test_a_call_is_analysed_by_rules_without_a_model() -> None:
    shelf = Shelf()
    work, outbox = errands(shelf, ORDER.model_dump(mode="json"))

    assert await work.work_once() == 1

    [analysis] = shelf.kept
    assert (analysis.by, analysis.summary, analysis.analysed_at) == ("rules", plain_summary(ORDER), NOON)
    assert analysis.disposition == "appointment_set"
    assert waiting(outbox) == 0


async def test_a_model_adds_what_holds() -> None:
    shelf = Shelf()
    work, _ = errands(shelf, ORDER.model_dump(mode="json"), Writer())

    await work.work_once()

    [analysis] = shelf.kept
    assert (analysis.by, analysis.summary) == ("small", "Bob has a new job and no agent.")
    assert [(each.field, each.source) for each in analysis.findings][-1] == ("condition", "model")


async def test_a_model_that_is_away_costs_only_its_words() -> None:
    shelf = Shelf()
    work, _ = errands(shelf, ORDER.model_dump(mode="json"), Writer(is_away=True))

    await work.work_once()

    assert [each.by for each in shelf.kept] == ["rules"]


async def test_nothing_goes_to_a_model_of_somebody_who_was_not_to_be_recorded() -> None:
    shelf, writer = Shelf(), Writer()
    order = order_of(*turns_of(TALK), off_the_record=True)
    work, _ = errands(shelf, order.model_dump(mode="json"), writer)

    await work.work_once()

    assert (len(shelf.kept), writer.asked) == (1, [])


async def test_what_cannot_be_kept_now_is_tried_again_and_what_cannot_be_read_is_laid_aside() -> None:
    for body, is_away, left in (
        (ORDER.model_dump(mode="json"), True, 1),
        ({"report": "none"}, False, 0),
        ({**ORDER.model_dump(mode="json"), "script": "gone"}, False, 0),
    ):
        shelf = Shelf(is_away=is_away)
        work, outbox = errands(shelf, body)

        await work.work_once()

        assert (shelf.kept, waiting(outbox)) == ([], left)
