"""The environment is read into small blocks, and what is wrong with it is said in one line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared import settings
from shared.settings import (
    ApiSettings,
    BadSettings,
    ClockSettings,
    DatabaseSettings,
    MachineSettings,
    NodeSettings,
    Settings,
    TwilioSettings,
    WorkerSettings,
    read,
)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from any ``.env`` and without our variables."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "DATABASE_URL",
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "PUBLIC_BASE_URL",
        "REAUTO_CLOCK",
        "REAUTO_API_KEY",
    ):
        monkeypatch.delenv(name, raising=False)


def test_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/x")
    monkeypatch.setenv("DATABASE_POOL_SIZE", "7")

    database = read(DatabaseSettings)

    assert (database.url, database.pool_size) == ("postgresql://localhost/x", 7)


def test_reads_a_file_of_the_working_folder(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=postgresql://localhost/y\nOTHER=1\n")

    assert read(DatabaseSettings).url == "postgresql://localhost/y"


def test_names_everything_that_is_missing_in_one_line() -> None:
    with pytest.raises(BadSettings) as told:
        read(TwilioSettings)

    assert str(told.value) == (
        "TWILIO_ACCOUNT_SID: field required; TWILIO_AUTH_TOKEN: field required; PUBLIC_BASE_URL: field required"
    )


def test_never_repeats_a_value_that_may_be_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REAUTO_API_KEY", "hunter2")
    monkeypatch.setenv("CALL_TOKEN_SECRET", "hunter2-and-long-enough")

    with pytest.raises(BadSettings) as told:
        read(ApiSettings)

    assert str(told.value).startswith("REAUTO_API_KEY: ")
    assert "hunter2" not in str(told.value)
    assert "hunter2" not in repr(read(NodeSettings))


@pytest.mark.parametrize(("second", "tokens"), [("old", ("new", "old")), ("", ("new",))])
def test_both_tokens_count_while_they_are_rotated(
    monkeypatch: pytest.MonkeyPatch, second: str, tokens: tuple[str, ...]
) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC1")
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "new")
    monkeypatch.setenv("TWILIO_SECONDARY_AUTH_TOKEN", second)
    monkeypatch.setenv("PUBLIC_BASE_URL", "https://calls.example.com")

    assert read(TwilioSettings).tokens == tokens


def test_a_civil_clock_is_read_from_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REAUTO_CLOCK", "2026-03-10T12:00:00-05:00@2026-01-01T00:00:00+00:00*10")

    civil = read(ClockSettings).civil_time

    assert civil is not None
    machine = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=1)
    assert civil.at(machine) == datetime(2026, 3, 10, 17, 10, tzinfo=UTC)


@pytest.mark.parametrize("empty", ["", None])
def test_without_words_the_real_time_counts(monkeypatch: pytest.MonkeyPatch, empty: str | None) -> None:
    if empty is not None:
        monkeypatch.setenv("REAUTO_CLOCK", empty)

    assert read(ClockSettings).civil_time is None


def test_a_clock_that_cannot_be_read_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REAUTO_CLOCK", "yesterday")

    with pytest.raises(BadSettings, match="REAUTO_CLOCK: 'yesterday' is not a civil time"):
        read(ClockSettings)


@pytest.mark.parametrize("name", ["HOME", "PORT", "URL", "KEY", "HOST", "WORKER", "home", "port", "url", "key"])
def test_a_variable_of_somebody_else_never_leaks_into_a_field_of_the_same_name(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for own in ("REAUTO_HOME", "NODE_PORT", "NODE_URL", "NODE_HOST", "NODE_WORKER"):
        monkeypatch.delenv(own, raising=False)
    machine, worker = read(MachineSettings), read(WorkerSettings)

    monkeypatch.setenv(name, "/somewhere/else")

    assert (read(MachineSettings), read(WorkerSettings)) == (machine, worker)
    for block in (DatabaseSettings, ApiSettings):
        with pytest.raises(BadSettings, match="field required"):
            read(block)


def test_every_field_is_read_by_a_name_of_its_own() -> None:
    blocks = [block for block in vars(settings).values() if isinstance(block, type) and issubclass(block, Settings)]
    unnamed = [
        f"{block.__name__}.{name}"
        for block in blocks
        for name, field in block.model_fields.items()
        if not isinstance(field.validation_alias, str)
    ]

    assert unnamed == []
    assert not any(block.model_config.get("populate_by_name") for block in blocks)
