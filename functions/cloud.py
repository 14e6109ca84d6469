"""Composition root of what a deployed stack has beside the services; boto3 is imported by those who use it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from shared.cloud_settings import CanarySettings, CloudSettings
from shared.kernel.clock import CivilClock, Clock
from shared.kernel.dead_letters import DeadLetters
from shared.kernel.ids import CampaignId
from shared.kernel.relay import Outgoing, Publisher
from shared.settings import ClockSettings, DatabaseSettings, read
from shared.storage.dead_letters import OutboxDeadLetters
from shared.storage.engine import make_engine
from shared.storage.outbox import SqlOutbox

if TYPE_CHECKING:
    from functions.services import Services


@dataclass(frozen=True, kw_only=True)
class Relaying:
    """What the relay reaches for. ``elapsed`` counts seconds from any start, ``sleep`` waits so many."""

    outbox: Outgoing
    publisher: Publisher
    clock: Clock
    elapsed: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, kw_only=True, eq=False)
class Canary:
    """What the synthetic call reaches for; without a campaign there is none."""

    services: "Services"
    campaign_id: CampaignId | None
    every: timedelta


def canary() -> Canary:
    """The services, and what the synthetic call is told.

    Raises:
        BadSettings: The environment lacks something; one line says what.
    """
    from functions import bootstrap

    services, told = bootstrap.services(), read(CanarySettings)
    return Canary(services=services, campaign_id=CampaignId(told.campaign) if told.campaign else None, every=told.every)


@cache
def relaying() -> Relaying:
    """Built once per process.

    Raises:
        BadSettings: The environment lacks something; one line says what.
    """
    from shared.adapters.aws.clients import make_client
    from shared.adapters.aws.sqs import SqsPublisher

    return Relaying(
        outbox=SqlOutbox(make_engine(read(DatabaseSettings).url, pool_size=1)),
        publisher=SqsPublisher(make_client("sqs"), read(CloudSettings).queue_urls),
        clock=CivilClock(lambda: datetime.now(UTC), read(ClockSettings).civil_time),
    )


def dead_letters(engine: Engine) -> DeadLetters:
    """What nobody could handle: in the queues of a deployed stack, otherwise in the outbox."""
    urls = read(CloudSettings).queue_urls
    if not urls:
        return OutboxDeadLetters(SqlOutbox(engine))
    from shared.adapters.aws.clients import make_client
    from shared.adapters.aws.dead_letters import SqsDeadLetters

    return SqsDeadLetters(make_client("sqs"), urls)


def deployed_settings() -> dict[str, str]:
    """Settings that the Parameter Store holds; none on one machine.

    Raises:
        Unavailable: The Parameter Store cannot be read.
    """
    path = read(CloudSettings).parameters
    if not path:
        return {}
    from shared.adapters.aws.clients import make_client
    from shared.adapters.aws.secrets import parameters

    return parameters(make_client("ssm"), path)
