"""Answers in a schema are background questions of one purpose, within a deadline."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from shared.conversation.after.evidence import Findings
from shared.kernel.errors import Unavailable
from voice_node.brains.extraction import PoolExtractor
from voice_node.brains.faults import NoServer
from voice_node.brains.questions import Purpose, Question

MESSAGES = ({"role": "user", "content": "Turn 1: yes"},)


@dataclass
class Pool:
    """Answers after ``seconds``, or fails."""

    seconds: float = 0.0
    fault: Exception | None = None
    asked: list[Question] = field(default_factory=list)

    async def structured(self, question: Question, kind: Any) -> Any:
        self.asked.append(question)
        await asyncio.sleep(self.seconds)
        if self.fault is not None:
            raise self.fault
        return kind()


async def test_the_answer_comes_in_its_form() -> None:
    pool = Pool()

    found = await PoolExtractor(pool, Purpose.EXTRACTION).extract(MESSAGES, Findings, deadline=timedelta(seconds=1))

    assert found == Findings()
    assert [(each.purpose, each.messages) for each in pool.asked] == [(Purpose.EXTRACTION, MESSAGES)]


@pytest.mark.parametrize("pool", [Pool(seconds=5), Pool(fault=NoServer("none"))], ids=["too late", "no server"])
async def test_no_answer_is_said_so(pool: Pool) -> None:
    with pytest.raises(Unavailable):
        await PoolExtractor(pool, Purpose.SUMMARY).extract(MESSAGES, Findings, deadline=timedelta(milliseconds=20))
