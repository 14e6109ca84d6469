"""Every StopSwitches keeps the same promises: in memory, in PostgreSQL, and in PostgreSQL with its mirror in Redis."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from shared.adapters.memory import MemoryStore
from shared.adapters.memory.stops import MemoryStopSwitches
from shared.adapters.redis import keys
from shared.adapters.redis.connect import make_redis
from shared.adapters.redis.stops import MirroredStopSwitches
from shared.calls.stops import StopScope, StopSwitch, StopSwitches
from shared.kernel.errors import Malformed, Unavailable
from shared.kernel.ids import CampaignId, SellerId
from shared.storage.outbox import SqlOutbox
from shared.storage.stops import SqlStopSwitches
from tests.contracts.backends import emptied
from tests.contracts.nouns import CAMPAIGN_ID, NOON, SELLER

OTHER_CAMPAIGN = CampaignId("01900000-0000-7000-8000-0000000000aa")
OTHER_SELLER = SellerId("01900000-0000-7000-8000-0000000000bb")
ALL = StopSwitch(scope=StopScope.ALL, at=NOON, by="ops", reason="drill")


@pytest.fixture(params=["memory", "sql", "mirrored"])
def stops(request: pytest.FixtureRequest) -> Iterator[StopSwitches]:
    if request.param == "memory":
        yield MemoryStopSwitches(MemoryStore())
        return
    books = SqlStopSwitches(emptied(request.getfixturevalue("module_engine")))
    if request.param == "sql":
        yield books
        return
    client = make_redis(request.getfixturevalue("redis_url"))
    yield MirroredStopSwitches(client, books)
    client.close()


def is_stopped(stops: StopSwitches, *, campaign: CampaignId = CAMPAIGN_ID, seller: SellerId = SELLER.id) -> bool:
    return bool(stops.thrown(seller_id=seller, campaign_id=campaign))


def test_nothing_is_stopped_at_first(stops: StopSwitches) -> None:
    assert not is_stopped(stops)
    assert list(stops.all()) == []


def test_a_switch_for_everybody_stops_everybody(stops: StopSwitches) -> None:
    stops.throw(ALL)

    assert list(stops.thrown(seller_id=OTHER_SELLER, campaign_id=OTHER_CAMPAIGN)) == [ALL]


def test_a_switch_stops_its_seller_or_its_campaign_and_nobody_else(stops: StopSwitches) -> None:
    stops.throw(StopSwitch(scope=StopScope.CAMPAIGN, target=CAMPAIGN_ID, at=NOON, by="ops", reason="script"))
    stops.throw(StopSwitch(scope=StopScope.SELLER, target=OTHER_SELLER, at=NOON, by="ops", reason="lawyer"))

    assert is_stopped(stops)
    assert not is_stopped(stops, campaign=OTHER_CAMPAIGN)
    assert is_stopped(stops, campaign=OTHER_CAMPAIGN, seller=OTHER_SELLER)


def test_the_first_throw_stands_until_it_is_lifted(stops: StopSwitches) -> None:
    stops.throw(ALL)
    stops.throw(StopSwitch(scope=StopScope.ALL, at=NOON + timedelta(hours=1), by="somebody", reason="again"))

    assert list(stops.all()) == [ALL]
    assert stops.lift(StopScope.ALL, None, at=NOON, by="ops")
    assert not is_stopped(stops)
    assert not stops.lift(StopScope.ALL, None, at=NOON, by="ops")
    stops.throw(ALL)
    assert is_stopped(stops)


def test_a_switch_needs_the_target_of_its_scope() -> None:
    with pytest.raises(Malformed, match="needs a target"):
        StopSwitch(scope=StopScope.SELLER, at=NOON, by="ops", reason="drill")
    with pytest.raises(Malformed, match="has no target"):
        StopSwitch(scope=StopScope.ALL, target=SELLER.id, at=NOON, by="ops", reason="drill")


def test_every_throw_leaves_the_message_that_hangs_up(module_engine: Engine) -> None:
    emptied(module_engine)
    SqlStopSwitches(module_engine).throw(ALL)

    [message] = SqlOutbox(module_engine).lease(topic="stop", now=NOON, lease_for=timedelta(seconds=9), limit=9)
    assert message.body == {"scope": "all", "target": None}


def test_either_book_stops_and_so_does_an_absent_one(module_engine: Engine, redis_url: str) -> None:
    books, client = SqlStopSwitches(emptied(module_engine)), make_redis(redis_url)
    stops = MirroredStopSwitches(client, books)
    books.throw(ALL)
    assert is_stopped(stops)  # Redis never heard of it, or has forgotten
    stops.throw(ALL)
    books.lift(StopScope.ALL, None, at=NOON, by="ops")
    assert list(stops.all()) == [ALL]  # lifted behind the mirror's back
    assert client.hlen(keys.STOPS) == 1
    assert stops.lift(StopScope.ALL, None, at=NOON, by="ops")
    assert not is_stopped(stops)
    client.close()

    away = make_redis("redis://127.0.0.1:1")
    absent = MirroredStopSwitches(away, books)
    with pytest.raises(Unavailable):
        is_stopped(absent)
    absent.throw(ALL)  # PostgreSQL has it all the same
    assert is_stopped(books)
