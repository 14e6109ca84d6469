"""Lines of ``reauto check`` about the voices of this machine: engines, their models, and the premium account, live."""

import asyncio
from collections.abc import Iterator
from importlib.util import find_spec

import httpx

from infra.models.manifest import Manifest, load_manifest
from infra.models.shelf import ModelShelf, Presence
from shared.kernel.errors import Unavailable
from shared.settings import read
from shared.voice_settings import LocalEngine, ModelSettings, PremiumSettings, VoiceSettings

WHEELS: dict[LocalEngine, str] = {"espeak": "espeakng_loader", "piper": "piper", "kokoro": "kokoro_onnx"}
KOKORO = "kokoro-v1.0"
LOW_QUOTA = 20_000
ACCOUNT_SECONDS = 10.0

Line = dict[str, str]


def voice_checks() -> list[Line]:
    """What stands against speaking as the settings say, in the form of the other checks.

    A voice that is missing is no reason not to ring: eSpeak NG speaks in its place. Without eSpeak NG there is none.
    """
    voices, shelf = read(VoiceSettings), ModelShelf(read(ModelSettings).models_folder)
    order = voices.local if "espeak" in voices.local else (*voices.local, "espeak")
    lines = [line for name in order for line in _engine(name, voices, shelf, load_manifest())]
    return lines + _premium(read(PremiumSettings))


def _engine(name: LocalEngine, voices: VoiceSettings, shelf: ModelShelf, manifest: Manifest) -> Iterator[Line]:
    about = f"voice {name}"
    if find_spec(WHEELS[name]) is None:
        grade = "bad" if name == "espeak" else "poor"
        yield _line(about, grade, "not installed", "install the speech engines: make setup")
        return
    needed = {
        "espeak": [],
        "piper": [f"piper-{voice}" for voice in sorted(set(voices.piper.values()))],
        "kokoro": [KOKORO],
    }[name]
    missing = [model for model in needed if not _is_here(model, shelf, manifest)]
    if missing:
        todo = f"reauto models pull {' '.join(missing)}"
        yield _line(about, "poor", f"its model is missing: {', '.join(missing)}; another voice speaks", todo)
        return
    yield _line(about, "good", f"its models are in {shelf.folder}" if needed else "installed")


def _is_here(name: str, shelf: ModelShelf, manifest: Manifest) -> bool:
    """Whether a model lies there; one that the manifest does not know, by its folder."""
    known = next((model for model in manifest.models if model.name == name), None)
    if known is None:
        return (shelf.folder / name).is_dir()
    return shelf.presence(known, thoroughly=False) is Presence.HERE


def _premium(settings: PremiumSettings) -> list[Line]:
    if not settings.is_configured:
        return []
    about = "voice elevenlabs"
    try:
        left, lacking = asyncio.run(_ask(settings))
    except Unavailable as failed:
        return [_line(about, "poor", f"{failed}; the local voice speaks", "look at ELEVENLABS_API_KEY and the account")]
    if lacking:
        return [
            _line(about, "poor", f"the account has no voice {lacking[0]}", "set ELEVENLABS_VOICE to one that it has")
        ]
    if left < LOW_QUOTA:
        return [_line(about, "poor", f"{left:,} characters are left", "raise the account's quota")]
    return [_line(about, "good", f"{left:,} characters are left")]


async def _ask(settings: PremiumSettings) -> tuple[int, list[str]]:
    """The characters that are left, and the voices of the cast that the account lacks."""
    from voice_node.speech.synthesis.elevenlabs.account import ElevenLabsAccount  # brings libraries of speech along

    headers = {"xi-api-key": settings.api_key.get_secret_value()}
    async with httpx.AsyncClient(base_url=settings.base_url, headers=headers, timeout=ACCOUNT_SECONDS) as client:
        account = ElevenLabsAccount(client)
        quota = await account.quota()
        voices = {voice.voice_id async for voice in account.voices()}
    return quota.left, sorted(set(settings.cast.values()) - voices)


def _line(about: str, grade: str, seen: str, todo: str = "") -> Line:
    return {"about": about, "grade": grade, "seen": seen, "todo": todo}
