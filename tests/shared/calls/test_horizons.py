"""Every horizon of the dial protocol can be set, and nothing else can."""

from datetime import timedelta
from pathlib import Path

import pytest

from shared.calls.horizons import Horizons
from shared.settings import BadSettings, DialSettings, read


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from any ``.env`` and without our variables."""
    monkeypatch.chdir(tmp_path)
    for name in ("DIAL_HORIZONS", "TWILIO_CALLS_PER_SECOND"):
        monkeypatch.delenv(name, raising=False)


def test_without_settings_the_standard_counts() -> None:
    assert read(DialSettings).horizons == Horizons()


def test_horizons_are_set_by_name_and_the_pace_by_the_calls_per_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIAL_HORIZONS", '{"horizon": 6, "first_look": "PT2S", "breaker_after": 2}')
    monkeypatch.setenv("TWILIO_CALLS_PER_SECOND", "4")

    horizons = read(DialSettings).horizons

    assert (horizons.horizon, horizons.first_look) == (timedelta(seconds=6), timedelta(seconds=2))
    assert (horizons.breaker_after, horizons.dial_every) == (2, timedelta(milliseconds=250))
    assert horizons.watch_live == Horizons().watch_live


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"horizont": 6}', "DIAL_HORIZONS: there is no such horizon: horizont"),
        ("[6]", "DIAL_HORIZONS: there is no such horizon"),
        ("six", "DIAL_HORIZONS: "),
        ('{"horizon": "soon"}', "DIAL_HORIZONS: "),
    ],
)
def test_what_cannot_be_read_is_said(monkeypatch: pytest.MonkeyPatch, text: str, said: str) -> None:
    monkeypatch.setenv("DIAL_HORIZONS", text)

    with pytest.raises(BadSettings, match=said):
        read(DialSettings)
