"""What a deployed stack is told beside what one machine is told too."""

from datetime import timedelta

from pydantic import Field

from shared.settings import Settings


class CloudSettings(Settings):
    """What a deployed stack knows of itself: the queue of each topic, and where the Parameter Store holds settings.

    Both are empty on one machine.
    """

    queue_urls: dict[str, str] = Field(default_factory=dict, validation_alias="QUEUE_URLS")
    parameters: str = Field(default="", validation_alias="REAUTO_PARAMETERS")


class CanarySettings(Settings):
    """The synthetic call: the campaign whose one lead is the test number, and how long lies between two calls."""

    campaign: str = Field(default="", validation_alias="CANARY_CAMPAIGN")
    every: timedelta = Field(default=timedelta(hours=4), validation_alias="CANARY_EVERY", gt=timedelta(0))
