"""The pace of an account's dials, and its breaker, by Redis' own clock."""

from datetime import timedelta

from redis import Redis

from shared.adapters.redis import keys
from shared.adapters.redis.connect import in_our_words

# The generic cell rate algorithm without a burst: in no second more dials than the carrier takes. Who comes too early
# is told a turn of their own, with a margin between two, since nobody comes back to the moment.
TAKE = """
local clock = redis.call('TIME')
local now, every = clock[1] * 1000000 + clock[2], tonumber(ARGV[1])
local told = redis.call('HMGET', KEYS[1], 'next_at', 'last_turn')
local next_at, last_turn = tonumber(told[1] or '0'), tonumber(told[2] or '0')
local field, moment = 'next_at', now + every
if next_at > now then field, moment = 'last_turn', math.max(next_at, last_turn + every + every / 10) end
redis.call('HSET', KEYS[1], field, string.format('%.0f', moment))
redis.call('PEXPIRE', KEYS[1], math.ceil((math.max(moment, last_turn) - now) / 1000) + 1)
return field == 'next_at' and 0 or moment - now
"""

STATE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local open_until = tonumber(redis.call('HGET', KEYS[1], 'open_until') or '0')
local probe_until = tonumber(redis.call('HGET', KEYS[1], 'probe_until') or '0')
"""
BLOCKED_FOR = STATE + "return math.max(0, math.max(open_until, probe_until) - now)"
ADMIT = (
    STATE
    + """
local wait = math.max(0, math.max(open_until, probe_until) - now)
if wait == 0 and open_until > 0 then
  redis.call('HSET', KEYS[1], 'probe_until', string.format('%.0f', now + ARGV[1]))
end
return wait
"""
)
FAILED = (
    STATE
    + """
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
if ARGV[3] == '1' or open_until > 0 or failures >= tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], 'open_until', string.format('%.0f', now + ARGV[1]))
  redis.call('HDEL', KEYS[1], 'probe_until')
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return failures
"""
)


class RedisPacer:
    """``Pacer`` in Redis; ``every`` is the time between two dials of an account."""

    def __init__(self, client: Redis, *, every: timedelta) -> None:
        self._take = client.register_script(TAKE)
        self._every = round(every.total_seconds() * 1_000_000)

    def take(self, account: str) -> timedelta:
        with in_our_words():
            return timedelta(microseconds=int(self._take(keys=[keys.pace(account)], args=[self._every])))


class RedisAccountBreaker:
    """``AccountBreaker`` in Redis: ``after`` failures in a row open it, ``open_for`` later one dial may try.

    Our own, because the libraries let everybody through when their store is away; here that stops the dialling.
    """

    def __init__(self, client: Redis, *, after: int, open_for: timedelta) -> None:
        self._redis = client
        self._after, self._open_ms = after, keys.milliseconds(open_for)
        self._blocked_for = client.register_script(BLOCKED_FOR)
        self._admit = client.register_script(ADMIT)
        self._failed = client.register_script(FAILED)

    def blocked_for(self, account: str) -> timedelta:
        with in_our_words():
            return timedelta(milliseconds=int(self._blocked_for(keys=[keys.breaker(account)])))

    def admit(self, account: str) -> timedelta:
        with in_our_words():
            return timedelta(milliseconds=int(self._admit(keys=[keys.breaker(account)], args=[self._open_ms])))

    def withdraw(self, account: str) -> None:
        with in_our_words():
            self._redis.hdel(keys.breaker(account), "probe_until")

    def failed(self, account: str, *, at_once: bool) -> None:
        kept_for = keys.milliseconds(keys.BREAKER_FOR)
        with in_our_words():
            self._failed(keys=[keys.breaker(account)], args=[self._open_ms, self._after, int(at_once), kept_for])

    def succeeded(self, account: str) -> None:
        with in_our_words():
            self._redis.delete(keys.breaker(account))
