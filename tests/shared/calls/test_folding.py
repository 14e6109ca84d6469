"""However a call's callbacks come, how often, or whether, its attempt ends in the one row that is true."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from shared.adapters.memory.folds import MemoryCallFolds
from shared.adapters.memory.inbox import MemoryCallInbox
from shared.calls import AttemptState, CallAttempt
from shared.calls.fold import fold_attempt
from shared.calls.folding import fold_opened
from shared.calls.lookup import FoundCall
from shared.calls.provider_event import ProviderEvent
from shared.calls.reconcile import Reconciled, Reconciler, reconcile_attempt
from shared.kernel.ids import AttemptId
from tests.shared.calls.world import NOON, World, make_event, make_lead

SID = "CA" + "1".zfill(32)
A1 = AttemptId("a1")
STREAM = ProviderEvent(
    attempt_id=A1,
    kind="stream",
    dedupe_key="stream:MZ1:stream-started",
    at=NOON + timedelta(seconds=5),
    payload={"CallSid": SID, "StreamSid": "MZ1", "StreamEvent": "stream-started"},
)
FIVE = (
    make_event("a1", "initiated", 0, SID),
    make_event("a1", "ringing", 1, SID),
    make_event("a1", "in-progress", 4, SID),
    STREAM,
    make_event("a1", "completed", 60, SID, CallDuration="56", AnsweredBy="human", SipResponseCode="200"),
)


def ringing() -> World:
    world = World()
    world.add(make_lead())
    world.ring(sid=SID)
    return world


def ended(batches: Sequence[Sequence[ProviderEvent]]) -> tuple[CallAttempt, World]:
    """The attempt after its callbacks came batch by batch, each batch folded when it had come."""
    world = ringing()
    inbox, folds = MemoryCallInbox(world.store), MemoryCallFolds(world.store)
    for batch in batches:
        for event in batch:
            inbox.receive(event)
        fold_opened(folds.open([A1]), folds=folds, capacity=world.capacity)
    return world.attempt(), world


def test_all_orders_of_five_events_with_duplicates_end_in_one_row() -> None:
    dice = random.Random(5)
    truth, _ = ended([FIVE])
    assert truth.state is AttemptState.ENDED

    for order in permutations(FIVE):
        story = [*order]
        for event in order:
            story.insert(dice.randrange(len(story) + 1), event)
        cut = sorted(dice.sample(range(len(story)), 3))
        batches = [story[: cut[0]], story[cut[0] : cut[1]], story[cut[1] : cut[2]], story[cut[2] :]]
        row, world = ended(batches)
        assert row == truth
        assert world.messages("close")[-1:] == [{"attempt_id": "a1"}]
        assert world.capacity.free() == world.lease.slots


def test_a_batch_folds_as_each_attempt_alone_would() -> None:
    alone = ringing()
    for event in FIVE:
        alone.calls.receive(event)
    fold_attempt(A1, calls=alone.calls, capacity=alone.capacity)

    together, _ = ended([FIVE])

    assert together == alone.attempt()


@pytest.mark.parametrize("result", ["completed", "busy", "no-answer"])
def test_what_three_in_ten_lost_callbacks_would_have_said_the_carrier_is_asked(result: str) -> None:
    talked = result == "completed"
    last = replace(FIVE[-1], payload={**FIVE[-1].payload, "CallStatus": result})
    story = (*FIVE[:-1], last) if talked else (*FIVE[:2], last)
    duration = 56 if talked else 0
    call = FoundCall(
        sid=SID, status=result, created_at=NOON, ended_at=NOON + timedelta(seconds=60), duration_seconds=duration
    )

    class Carrier:
        def find(self, attempt: CallAttempt) -> Sequence[FoundCall]:
            return [call]

    for seed in range(60):
        dice = random.Random(seed)
        kept = [event for event in story if dice.random() > 0.3]
        dice.shuffle(kept)
        _, world = ended([[event] for event in kept])
        reconciler = Reconciler(
            calls=world.calls,
            costs=world.costs,
            capacity=world.capacity,
            lookup=Carrier(),
            telephony=world.telephony,
        )
        after = reconcile_attempt(A1, reconciler=reconciler, now=NOON + timedelta(minutes=3))

        row = world.attempt()
        assert after is Reconciled.OVER, seed
        assert (row.state, row.provider_result, row.provider_sid) == (AttemptState.ENDED, result, SID), seed
        assert row.ended_at == NOON + timedelta(seconds=60), seed
        assert not talked or row.duration_seconds == duration, seed
        assert world.messages("close"), seed
