"""An engine that hears what it is told to, for tests that are not about recognition."""

from collections.abc import AsyncIterator

import pytest

from voice_node.speech.recognition.port import EngineFacts, Heard, Listened


class ScriptedUtterance:
    """Says its text once it is finished."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.seconds = 0.0
        self.is_finished = False
        self.listened: tuple[Listened, ...] = ()

    def hear(self, pcm: bytes) -> None:
        self.seconds += len(pcm) / 16_000

    def finish(self) -> None:
        self.is_finished = True

    def abandon(self) -> None:
        pass

    async def __aiter__(self) -> AsyncIterator[Heard]:
        yield Heard(text="something else", final=False, seconds=self.seconds)
        yield Heard(text=self._text, final=True, seconds=self.seconds)


class ScriptedEngine:
    """A recogniser that hears ``texts``, one an utterance, and then nothing."""

    facts = EngineFacts(name="scripted", vendor="scripted", version="1", slowest_final_seconds=0.3)

    def __init__(self, *texts: str) -> None:
        self._texts = list(texts)
        self.opened: list[ScriptedUtterance] = []
        self.closed = 0

    async def start(self) -> None:
        pass

    def for_call(self) -> "ScriptedEngine":
        return self

    def open(self) -> ScriptedUtterance:
        self.opened.append(ScriptedUtterance(self._texts.pop(0) if self._texts else ""))
        return self.opened[-1]

    async def close(self) -> None:
        self.closed += 1


@pytest.fixture
def scripted() -> type[ScriptedEngine]:
    return ScriptedEngine
