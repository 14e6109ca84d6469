"""What the environment decides about voices."""

from decimal import Decimal
from pathlib import Path

import pytest

from shared.settings import BadSettings, read
from shared.voice_settings import ModelSettings, PremiumSettings, VoiceSettings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for block in (ModelSettings, VoiceSettings, PremiumSettings):
        for field in block.model_fields.values():
            monkeypatch.delenv(str(field.validation_alias), raising=False)


def read_all() -> tuple[VoiceSettings, PremiumSettings]:
    return read(VoiceSettings), read(PremiumSettings)


def test_it_works_without_any_setting() -> None:
    voices = read(VoiceSettings)
    assert voices.local == ("espeak",)
    assert voices.piper == {"*": "en_US-lessac-medium"}
    assert not read(PremiumSettings).is_configured
    assert read(ModelSettings).models_folder == Path(".reauto/models")


def test_every_setting_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "REAUTO_MODELS": "/models",
        "VOICE_ENGINES": "piper, espeak,piper",
        "PIPER_VOICE": '{"*": "en_US-amy-medium", "en-us+m3": "en_US-ryan-medium"}',
        "KOKORO_VOICE": "am_adam",
        "VOICE_THREADS": "2",
        "VOICE_PREPARED": "/prepared",
        "VOICE_PREPARED_BYTES": "0",
        "VOICE_MEMORY_BYTES": "1000",
        "ELEVENLABS_API_KEY": "k",
        "ELEVENLABS_VOICE": "v1",
        "ELEVENLABS_MODEL": "eleven_multilingual_v2",
        "ELEVENLABS_DICTIONARIES": "d1:v1, d2:v2",
        "VOICE_APPOINTMENT_VALUE": "40",
        "VOICE_UPLIFT": "0.1",
        "VOICE_CALL_BUDGET": "0.02",
        "VOICE_HOLD_OUT": "0.5",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    voices, premium = read(VoiceSettings), read(PremiumSettings)
    assert read(ModelSettings).models_folder == Path("/models")
    assert voices.local == ("piper", "espeak")
    assert voices.piper["en-us+m3"] == "en_US-ryan-medium"
    assert voices.kokoro == {"*": "am_adam"}
    assert (voices.threads, voices.prepared_bytes) == (2, 0)
    assert premium.is_configured
    assert premium.dictionaries == (("d1", "v1"), ("d2", "v2"))
    assert (premium.call_budget, premium.hold_out) == (Decimal("0.02"), Decimal("0.5"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VOICE_ENGINES", "festival"),
        ("VOICE_ENGINES", ""),
        ("PIPER_VOICE", "{broken"),
        ("ELEVENLABS_DICTIONARIES", "d1"),
        ("VOICE_HOLD_OUT", "2"),
        ("VOICE_THREADS", "0"),
    ],
)
def test_what_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=name):
        read_all()


def test_a_key_without_a_voice_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELEVENLABS_API_KEY", "a secret key")
    with pytest.raises(BadSettings, match="ELEVENLABS_VOICE") as refused:
        read(PremiumSettings)
    assert "a secret key" not in str(refused.value)
