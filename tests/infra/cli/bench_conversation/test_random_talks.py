"""Talks with people who make no sense: the same by seed, and what goes wrong in them is found."""

from dataclasses import replace

import pytest

from infra.cli.bench_conversation.random_person import MANNERS, lines_of
from infra.cli.bench_conversation.random_talks import (
    CRASHED,
    ENDLESS,
    KINDS,
    LOOPED,
    UNTOLD,
    hold,
    one_talk,
    wrong_with,
)
from infra.cli.evaluate.conversation.ending import ENDLESS as NEVER_OVER
from infra.cli.evaluate.conversation.minutes import Happening
from shared.outcomes import Disposition
from tests.infra.cli.evaluate.conversation.calls import Only, cast_of


@pytest.mark.parametrize("seed", range(len(MANNERS) * 2))
def test_a_seed_is_always_the_same_person(seed: int) -> None:
    assert lines_of(seed, 20) == lines_of(seed, 20)


def test_other_seeds_are_other_people() -> None:
    assert len({str(lines_of(seed, 10)) for seed in range(50)}) == 50


async def test_a_seed_is_always_the_same_talk() -> None:
    first, second = await one_talk(7, cast_of()), await one_talk(7, cast_of())

    assert first.happenings == second.happenings
    assert first.disposition is second.disposition


def test_a_handful_of_talks_is_held_in_this_process() -> None:
    chunk = hold(0, 5)

    assert chunk.talks == 5
    assert {fault.kind for fault in chunk.faults} <= set(KINDS)
    assert CRASHED not in {fault.kind for fault in chunk.faults}


async def test_a_talk_that_nobody_ends_is_found() -> None:
    call = await one_talk(3, cast_of())
    endless = replace(call, report=call.report.model_copy(update={"end_reason": NEVER_OVER}))

    assert ENDLESS in dict(wrong_with(endless))
    assert ENDLESS in dict(wrong_with(replace(call, turns=40)))


async def test_an_agent_that_says_the_same_for_ever_is_found() -> None:
    call = await one_talk(3, cast_of(Only("Pardon?")))
    said = (Happening(who="person", text="what", turn=1), Happening(who="agent", text="Pardon?", turn=1))

    assert LOOPED in dict(wrong_with(replace(call, happenings=said * 8)))


async def test_a_talk_without_a_meaning_is_found() -> None:
    call = await one_talk(3, cast_of())

    assert UNTOLD in dict(wrong_with(replace(call, disposition=Disposition.FAILED_TECHNICAL)))
