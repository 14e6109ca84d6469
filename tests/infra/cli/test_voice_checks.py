"""What ``reauto check`` says of the voices of this machine."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.cli.voice_checks import voice_checks
from infra.simulator.elevenlabs import Account, Behaviour, running_elevenlabs
from shared.voice_settings import ModelSettings, PremiumSettings, VoiceSettings


@pytest.fixture(autouse=True)
def _only_these_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for block in (VoiceSettings, PremiumSettings, ModelSettings):
        for field in block.model_fields.values():
            monkeypatch.delenv(str(field.validation_alias), raising=False)
    monkeypatch.setenv("REAUTO_MODELS", str(tmp_path))


@pytest.fixture
def vendor() -> Iterator[tuple[Account, str]]:
    """The stand-in on a loop of its own: the check brings its own, too."""
    account, loop = Account(), asyncio.new_event_loop()
    ready, addresses = threading.Event(), list[str]()

    async def serve() -> None:
        stop = asyncio.Event()
        stops.append(lambda: loop.call_soon_threadsafe(stop.set))
        async with running_elevenlabs(account, Behaviour()) as url:
            addresses.append(url)
            ready.set()
            await stop.wait()

    stops: list[object] = []
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    yield account, addresses[0]
    stops[0]()  # type: ignore[operator]
    thread.join()
    loop.close()


def test_the_embedded_voice_is_there() -> None:
    assert voice_checks() == [{"about": "voice espeak", "grade": "good", "seen": "installed", "todo": ""}]


def test_a_missing_model_is_one_line_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ENGINES", "piper,kokoro")
    piper, kokoro, espeak = voice_checks()
    assert (piper["grade"], piper["todo"]) == ("poor", "reauto models pull piper-en_US-lessac-medium")
    assert (kokoro["grade"], kokoro["todo"]) == ("poor", "reauto models pull kokoro-v1.0")
    assert espeak["grade"] == "good"


def test_a_model_of_ones_own_is_known_by_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOICE_ENGINES", "piper")
    monkeypatch.setenv("PIPER_VOICE", "en_US-mine")
    (tmp_path / "piper-en_US-mine").mkdir()
    assert [line["grade"] for line in voice_checks()] == ["good", "good"]


@pytest.mark.parametrize(
    ("key", "voice", "used", "grade", "seen"),
    [
        ("a key of the stand-in", "v-ava", 0, "good", "100,000 characters are left"),
        ("a key of the stand-in", "v-ava", 99_000, "poor", "1,000 characters are left"),
        ("a key of the stand-in", "v-eve", 0, "poor", "no voice v-eve"),
        ("wrong", "v-ava", 0, "poor", "key_refused"),
    ],
)
def test_the_premium_account_is_asked(
    monkeypatch: pytest.MonkeyPatch, vendor: tuple[Account, str], key: str, voice: str, used: int, grade: str, seen: str
) -> None:
    account, url = vendor
    account.characters_used = used
    for name, value in {"API_KEY": key, "VOICE": voice, "BASE_URL": url}.items():
        monkeypatch.setenv(f"ELEVENLABS_{name}", value)
    line = voice_checks()[-1]
    assert line["grade"] == grade
    assert seen in line["seen"]
