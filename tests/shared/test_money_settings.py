"""What the environment decides about money."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from shared.money_settings import MoneySettings
from shared.settings import BadSettings, read


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in MoneySettings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)


def test_it_works_without_any_setting() -> None:
    money = read(MoneySettings)

    assert money.zone == ZoneInfo("America/New_York")
    assert (money.warning, money.critical) == (Decimal("0.80"), Decimal("0.95"))
    assert money.true_up_after[0] == timedelta(minutes=5)
    assert (money.webhook_url, money.topic_arn) == ("", "")


def test_every_setting_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "MONEY_TIME_ZONE": "America/Chicago",
        "MONEY_WARNING": "0.5",
        "MONEY_CRITICAL": "0.9",
        "MONEY_WEBHOOK_URL": "https://hooks.example.com/1",
        "ALERT_TOPIC_ARN": "arn:aws:sns:us-east-1:1:alerts",
        "TRUE_UP_AFTER": '["PT1M", "PT2H"]',
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    money = read(MoneySettings)

    assert money.zone == ZoneInfo("America/Chicago")
    assert money.true_up_after == (timedelta(minutes=1), timedelta(hours=2))
    assert money.critical == Decimal("0.9")


@pytest.mark.parametrize(
    ("name", "value"),
    [("MONEY_TIME_ZONE", "Mars/Olympus"), ("MONEY_TIME_ZONE", ""), ("MONEY_WARNING", "1.5"), ("MONEY_CRITICAL", "0")],
)
def test_what_makes_no_sense_is_said_so(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadSettings, match=name):
        read(MoneySettings)
