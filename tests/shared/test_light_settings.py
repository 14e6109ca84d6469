"""The few variables that light doors read mean the same there as in the settings of everybody else."""

from datetime import timedelta
from pathlib import Path

import pytest

from shared.light_settings import BadSettings, Variables
from shared.settings import ClockSettings, DatabaseSettings, DialSettings, NodeSettings, TwilioSettings, read

GIVEN = {
    "DATABASE_URL": "postgresql://x@127.0.0.1/x",
    "DATABASE_POOL_SIZE": "7",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "new",
    "TWILIO_SECONDARY_AUTH_TOKEN": "old",
    "PUBLIC_BASE_URL": "https://calls.example.com/live",
    "CALL_TOKEN_SECRET": "a-call-token-secret",
    "CALL_TOKEN_LIFETIME": "PT45S",
    "REAUTO_CLOCK": "2026-03-10T17:00:00+00:00@2026-01-01T00:00:00+00:00*2.0",
}


@pytest.fixture(params=["environment", ".env"])
def given(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in GIVEN:
        monkeypatch.delenv(name, raising=False)
    if request.param == "environment":
        for name, value in GIVEN.items():
            monkeypatch.setenv(name, value)
    else:
        Path(".env").write_text("".join(f"{name}={value}\n" for name, value in GIVEN.items()))


@pytest.mark.usefixtures("given")
def test_both_read_the_same() -> None:
    variables = Variables.read()

    assert variables.need("DATABASE_URL") == read(DatabaseSettings).url
    assert variables.whole("DATABASE_POOL_SIZE", default=1) == read(DatabaseSettings).pool_size == 7
    assert variables.carrier_tokens == read(TwilioSettings).tokens == ("new", "old")
    assert variables.need("PUBLIC_BASE_URL") == read(TwilioSettings).public_base_url
    assert variables.need("CALL_TOKEN_SECRET") == read(NodeSettings).call_token_secret.get_secret_value()
    assert variables.horizons.token_lifetime == read(DialSettings).horizons.token_lifetime == timedelta(seconds=45)
    assert variables.civil_time == read(ClockSettings).civil_time


def test_what_is_not_set_has_its_default() -> None:
    variables = Variables({"TWILIO_AUTH_TOKEN": "one", "TWILIO_SECONDARY_AUTH_TOKEN": ""})

    assert variables.carrier_tokens == ("one",)
    assert variables.whole("DATABASE_POOL_SIZE", default=1) == 1
    assert variables.civil_time is None
    assert variables.horizons.token_lifetime == timedelta(seconds=60)
    assert not variables.is_on_lambda


def test_horizons_that_are_set_otherwise_are_those_of_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIAL_HORIZONS", '{"slot_for": 7}')

    assert Variables.read().horizons == read(DialSettings).horizons
    assert Variables.read().horizons.slot_for == timedelta(seconds=7)


def test_horizons_that_lie_elsewhere_count_where_the_environment_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIAL_HORIZONS", '{"slot_for": 7}')
    deployed = {"DIAL_HORIZONS": '{"slot_for": 9}', "CALL_TOKEN_LIFETIME": "PT20S"}

    horizons = Variables.read().over(deployed).horizons

    assert (horizons.slot_for, horizons.token_lifetime) == (timedelta(seconds=7), timedelta(seconds=20))
    assert read(DialSettings).horizons.token_lifetime == timedelta(seconds=60)


@pytest.mark.parametrize("pool_size", ["many", "0", "-1", "1.5", "²"])
def test_what_cannot_be_read_is_named_in_one_line_without_its_value(pool_size: str) -> None:
    variables = Variables({"DATABASE_POOL_SIZE": pool_size, "CALL_TOKEN_SECRET": "short", "REAUTO_CLOCK": "noon"})

    with pytest.raises(BadSettings, match=r"^DATABASE_POOL_SIZE: should be a whole number above zero$"):
        variables.whole("DATABASE_POOL_SIZE", default=1)
    with pytest.raises(BadSettings, match=r"^CALL_TOKEN_SECRET: should have at least 16 characters$"):
        variables.need("CALL_TOKEN_SECRET", at_least=16)
    with pytest.raises(BadSettings, match=r"^DATABASE_URL: field required$"):
        variables.need("DATABASE_URL")
    with pytest.raises(BadSettings, match=r"^REAUTO_CLOCK: "):
        _ = variables.civil_time
    with pytest.raises(BadSettings, match=r"^TWILIO_AUTH_TOKEN: field required$"):
        _ = variables.carrier_tokens
