"""What the environment decides about money."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from shared.settings import Settings


class MoneySettings(Settings):
    """Whose midnight ends a day, when people are told of what is spent, and where.

    ``time_zone`` is the clock of the books (IANA); ``webhook_url`` takes alerts as JSON, ``topic_arn`` as messages of
    SNS; without either they are only logged. ``true_up_after`` is when the carrier is asked for a call's price.
    """

    time_zone: str = Field(default="America/New_York", validation_alias="MONEY_TIME_ZONE")
    warning: Decimal = Field(default=Decimal("0.80"), validation_alias="MONEY_WARNING", gt=0, le=1)
    critical: Decimal = Field(default=Decimal("0.95"), validation_alias="MONEY_CRITICAL", gt=0, le=1)
    webhook_url: str = Field(default="", validation_alias="MONEY_WEBHOOK_URL")
    topic_arn: str = Field(default="", validation_alias="ALERT_TOPIC_ARN")
    true_up_after: tuple[timedelta, ...] = Field(
        default=(timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24)),
        validation_alias="TRUE_UP_AFTER",
    )

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"there is no time zone {name!r}") from error
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the books."""
        return ZoneInfo(self.time_zone)
