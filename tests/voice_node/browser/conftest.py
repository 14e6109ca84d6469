"""A worker with a door for browsers."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from shared.conversation import CallBrief
from shared.conversation.rehearsal import MARK
from shared.conversation.talk_pass import write_ticket
from shared.kernel.ids import AttemptId
from shared.talk_settings import TalkSettings
from tests.voice_node.browser.page import Page, talking
from tests.voice_node.conftest import SECRET, RunningNode, listening, make_node
from tests.voice_node.doubles import NOON, ScriptedEars, make_brief
from voice_node.browser.talks import Talks

REHEARSAL = AttemptId(f"{MARK}0195a000-0000-7000-8000-000000000009")


@dataclass
class Rehearsing:
    """The worker, the folder of all that it keeps, and tickets to it."""

    node: RunningNode
    folder: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.node.port}/w/w1/talk"

    def ticket(self, *, secret: str = SECRET, epoch: str = "e1", brief: CallBrief | None = None) -> str:
        brief = brief or make_brief(attempt_id=REHEARSAL)
        return write_ticket(secret, brief, worker="w1", epoch=epoch, now=NOON)

    def open(self) -> AbstractAsyncContextManager[Page]:
        return talking(self.address, self.ticket())


@pytest.fixture
async def rehearsing(tmp_path: Path) -> AsyncIterator[Rehearsing]:
    node = make_node(tmp_path)
    engines = replace(node.kit.engines, speech_to_text=lambda *_: ScriptedEars(node.recognises, interim_after=5))
    node.kit = replace(node.kit, engines=engines)  # it guesses while one talks, so whoever speaks up takes the floor
    talks = Talks(
        kit=node.kit,
        admission=node.admission,
        token_secret=SecretStr(SECRET),
        settings=TalkSettings(),
    )
    async with listening(node, talks.router):
        yield Rehearsing(node=node, folder=tmp_path)
        await talks.close()
