"""An office for every test that asks for one, and no settings from outside."""

import pytest

from tests.infra.cli.office import Office


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "REAUTO_URL",
        "REAUTO_API_KEY",
        "TWILIO_ACCOUNT_SID",
        "DATABASE_URL",
        "REDIS_URL",
        "KEEP",
        "RECORDINGS",
        "RECORDING_KEYS",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def office() -> Office:
    return Office()
