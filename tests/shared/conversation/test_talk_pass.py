"""The papers of a rehearsal: what they carry, and for whom, and for how long, they are good."""

from datetime import timedelta

import pytest

from shared.conversation.rehearsal import Wish, imagined_stage, rehearsal_brief
from shared.conversation.talk_pass import (
    PASS_FOR,
    TICKET_FOR,
    NoLongerGood,
    read_pass,
    read_ticket,
    write_pass,
    write_ticket,
)
from shared.kernel.sealed import BadSeal
from tests.shared.calls.world import NOON

SECRET = "a secret of some length"
BRIEF = rehearsal_brief(
    imagined_stage("seller_home_value", "en-us"), Wish(script="seller_home_value"), name="1", now=NOON
)


def ticket() -> str:
    brief = BRIEF.model_copy(update={"opening_audio": bytes(range(256))})
    return write_ticket(SECRET, brief, worker="w1", epoch="e1", now=NOON)


def test_a_ticket_carries_the_whole_brief() -> None:
    brief = read_ticket(SECRET, ticket(), worker="w1", epoch="e1", now=NOON)

    assert brief == BRIEF.model_copy(update={"opening_audio": bytes(range(256))})
    assert brief.slots


@pytest.mark.parametrize(
    ("worker", "epoch", "after"),
    [("w2", "e1", timedelta(0)), ("w1", "e2", timedelta(0)), ("w1", "e1", TICKET_FOR)],
)
def test_a_ticket_is_good_for_one_life_of_one_worker_and_a_minute(worker: str, epoch: str, after: timedelta) -> None:
    with pytest.raises(NoLongerGood):
        read_ticket(SECRET, ticket(), worker=worker, epoch=epoch, now=NOON + after)


def test_a_pass_is_no_ticket_and_one_letter_more_makes_it_none() -> None:
    text = write_pass(SECRET, Wish(script="rental"), now=NOON)

    assert read_pass(SECRET, text, now=NOON + PASS_FOR - timedelta(seconds=1)).wish.script == "rental"
    for wrong in (f"A{text}", text[:-2], "", "ü.ü"):
        with pytest.raises(BadSeal):
            read_pass(SECRET, wrong, now=NOON)
    with pytest.raises(BadSeal):
        read_ticket(SECRET, text, worker="w1", epoch="e1", now=NOON)
