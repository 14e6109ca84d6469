"""What this machine hears calls with, looked at as a voice worker will: files that are there, doors that answer."""

import asyncio
from collections.abc import Sequence

from shared.kernel.errors import Unavailable
from shared.speech_settings import HearingEngine, SpeechSettings
from voice_node.speech.ears import look_at_ear

ABOUT = "speech-to-text"


def hearing_checks(settings: SpeechSettings) -> list[dict[str, str]]:
    """One line an engine, as ``reauto check`` shows them; bad when no engine is left that could hear a call."""
    found = asyncio.run(_look(settings))
    grade = "poor" if any(isinstance(seen, str) for seen in found) else "bad"
    return [_line(name, seen, grade) for name, seen in zip(settings.engines, found, strict=True)]


async def _look(settings: SpeechSettings) -> Sequence[str | Unavailable]:
    return await asyncio.gather(*(_seen(name, settings) for name in settings.engines))


async def _seen(name: HearingEngine, settings: SpeechSettings) -> str | Unavailable:
    try:
        return await look_at_ear(name, settings)
    except Unavailable as fault:
        return fault


def _line(name: HearingEngine, seen: str | Unavailable, grade: str) -> dict[str, str]:
    about = f"{ABOUT}: {name}"
    if isinstance(seen, str):
        return {"about": about, "grade": "good", "seen": seen, "todo": ""}
    fault, _, todo = str(seen).rpartition(": ")
    if not fault:
        fault, todo = str(seen), "look at the network, or take it out of STT_ENGINES"
    return {"about": about, "grade": grade, "seen": fault, "todo": todo}
