"""Stop switches in PostgreSQL, mirrored in Redis: either one stops, and so does the absence of either."""

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from redis import Redis

from shared.adapters.redis import keys
from shared.adapters.redis.connect import in_our_words
from shared.calls.stops import StopScope, StopSwitch, StopSwitches, reaching
from shared.kernel.errors import Unavailable
from shared.kernel.ids import CampaignId, SellerId

logger = logging.getLogger(__name__)


class MirroredStopSwitches:
    """``StopSwitches`` over ``books`` and a hash in Redis, one field per switch.

    A switch is thrown in Redis first, which needs no database, and lifted there last.
    """

    def __init__(self, client: Redis, books: StopSwitches) -> None:
        self._redis = client
        self._books = books

    def thrown(
        self, *, seller_id: SellerId, campaign_id: CampaignId, kept: Sequence[StopSwitch] | None = None
    ) -> Sequence[StopSwitch]:
        names = [_name(scope, target) for scope, target in reaching(seller_id, campaign_id)]
        with in_our_words():
            mirrored = cast(list[str | None], self._redis.hmget(keys.STOPS, names))
        if kept is None:
            kept = self._books.thrown(seller_id=seller_id, campaign_id=campaign_id)
        return _together(kept, mirrored)

    def throw(self, switch: StopSwitch) -> None:
        try:
            with in_our_words():
                self._redis.hsetnx(keys.STOPS, _name(switch.scope, switch.target), _written(switch))
        except Unavailable:
            logger.warning("stop not mirrored", extra={"scope": switch.scope.value})
        self._books.throw(switch)

    def lift(self, scope: StopScope, target: str | None, *, at: datetime, by: str) -> bool:
        was_kept = self._books.lift(scope, target, at=at, by=by)
        with in_our_words():
            was_mirrored = self._redis.hdel(keys.STOPS, _name(scope, target))
        return was_kept or bool(was_mirrored)

    def all(self) -> Sequence[StopSwitch]:
        with in_our_words():
            mirrored = cast(list[str | None], self._redis.hvals(keys.STOPS))
        return _together(self._books.all(), mirrored)


def _together(kept: Sequence[StopSwitch], mirrored: Sequence[str | None]) -> list[StopSwitch]:
    known = {(switch.scope, switch.target) for switch in kept}
    more = [_read(text) for text in mirrored if text is not None]
    return [*kept, *(switch for switch in more if (switch.scope, switch.target) not in known)]


def _name(scope: StopScope, target: str | None) -> str:
    return f"{scope.value}:{target or ''}"


def _written(switch: StopSwitch) -> str:
    return json.dumps(
        {
            "scope": switch.scope.value,
            "target": switch.target,
            "at": switch.at.isoformat(),
            "by": switch.by,
            "reason": switch.reason,
        }
    )


def _read(text: str) -> StopSwitch:
    told = json.loads(text)
    return StopSwitch(**told | {"scope": StopScope(told["scope"]), "at": datetime.fromisoformat(told["at"])})
