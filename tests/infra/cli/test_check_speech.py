"""``reauto check`` looks at what this machine hears calls with."""

from pathlib import Path

import pytest

from infra.cli.check import NotReadyToRing
from infra.cli.check_speech import hearing_checks
from shared.speech_settings import SpeechSettings
from tests.infra.cli.test_check import sound_office


def checks(engines: str, models: Path) -> list[dict[str, str]]:
    return hearing_checks(SpeechSettings(_env_file=None, STT_ENGINES=engines, REAUTO_MODELS=models))


def test_an_embedded_engine_is_always_there(tmp_path: Path) -> None:
    (line,) = checks("pocketsphinx", tmp_path)
    assert (line["about"], line["grade"]) == ("speech-to-text: pocketsphinx", "good")


def test_a_missing_model_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    whisper, embedded = checks("whisper,pocketsphinx", tmp_path)
    assert whisper == {
        "about": "speech-to-text: whisper",
        "grade": "poor",
        "seen": f"the model whisper-base.en is missing in {tmp_path}",
        "todo": "reauto models pull whisper-base.en",
    }
    assert embedded["grade"] == "good"


def test_nobody_is_rung_when_nothing_could_hear_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [line["grade"] for line in checks("whisper,deepgram", tmp_path)] == ["bad", "bad"]
    monkeypatch.setenv("STT_ENGINES", "whisper")
    monkeypatch.setenv("REAUTO_MODELS", str(tmp_path))
    with pytest.raises(NotReadyToRing, match="speech-to-text: whisper"):
        sound_office().run("check")
