"""Which language models there are, and what is no setting for them."""

from typing import Any

import pytest

from shared.brain_settings import BrainSettings
from shared.settings import BadSettings, read

TWO = "http://a:11434, https://b:8000/, http://a:11434"


def settings(**values: Any) -> BrainSettings:
    return BrainSettings(_env_file=None, **values)


def test_without_an_address_there_is_no_server() -> None:
    assert settings().servers == settings(OLLAMA_URL="").servers == ()


def test_servers_are_listed_with_commas_each_once() -> None:
    assert settings(OLLAMA_URL=TWO).slots_by_server == {"http://a:11434": 4, "https://b:8000": 4}


def test_each_server_may_have_slots_of_its_own() -> None:
    assert settings(OLLAMA_URL=TWO, OLLAMA_SLOTS="2, 8").slots_by_server == {"http://a:11434": 2, "https://b:8000": 8}


def test_the_model_of_replies_comes_first_and_each_once() -> None:
    found = settings(OLLAMA_MODEL="fast", OLLAMA_EXTRACTION_MODEL="wise", OLLAMA_SUMMARY_MODEL="fast")

    assert found.models == ("fast", "wise")


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("OLLAMA_URL", "a:11434", "write each address"),
        ("OLLAMA_SLOTS", "4,2,1", "one number, or one for each"),
        ("OLLAMA_SLOTS", "0", "greater than or equal to 1"),
        ("OLLAMA_SLOTS", "many", "valid integer"),
        ("OLLAMA_SLOTS", ",", "at least 1"),
        ("OLLAMA_DEADLINE", "PT0S", "greater than 0"),
        ("OLLAMA_SLOT_WAIT", "PT5S", "cannot be longer"),
        ("OLLAMA_CONTEXT_TOKENS", "12", "greater than or equal to 512"),
        ("OLLAMA_KEEP_LOADED", "PT1S", "greater than or equal to 1 minute"),
    ],
)
def test_what_makes_no_sense_is_said_at_start(
    variable: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_URL", TWO)
    monkeypatch.setenv(variable, value)

    with pytest.raises(BadSettings, match=said):
        read(BrainSettings)


@pytest.mark.parametrize(("written", "seconds"), [("PT0.6S", 0.6), ("0.6", 0.6), ("2", 2.0)])
def test_times_are_written_in_seconds_or_iso_8601(written: str, seconds: float) -> None:
    assert settings(OLLAMA_DEADLINE=written).deadline.total_seconds() == seconds
