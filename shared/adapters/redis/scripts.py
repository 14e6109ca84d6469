"""What must happen in Redis at one stroke, by the server's own clock. Redis 6.2 commands only.

The scripts name keys that they read from other keys, so they need one Redis, not a cluster of shards.
"""

NOW = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
"""

# A lease that came back after Redis forgot it has forgotten holds, too: it counts only after a while, when every
# attempt that was live then has been told of again.
ROOM = (
    NOW
    + """
local function read(worker)
  local flat = redis.call('HGETALL', 'worker:' .. worker .. ':lease')
  local lease = {}
  for i = 1, #flat, 2 do lease[flat[i]] = flat[i + 1] end
  if not lease.epoch then return nil end
  lease.key = 'slots:' .. worker .. ':' .. lease.epoch
  return lease
end
local function room(lease)
  if lease.ready ~= '1' or tonumber(lease.counts_from) > now then return 0 end
  redis.call('ZREMRANGEBYSCORE', lease.key, '-inf', now)
  local used = math.max(redis.call('ZCARD', lease.key), tonumber(lease.live))
  return math.max(0, tonumber(lease.slots) - used)
end
local function told(worker, lease)
  return {worker, lease.epoch, lease.url, lease.slots, lease.live, lease.ready, lease.load or '0'}
end
local workers = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')
"""
)

FREE = (
    ROOM
    + """
local free = 0
for _, worker in ipairs(workers) do
  local lease = read(worker)
  if lease then free = free + room(lease) end
end
return free
"""
)

# Free slots know of the calls that are still ringing, the load of what those that talk really take: both count.
ACQUIRE = (
    ROOM
    + """
local attempt, hold, leave_free, wanted = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local chosen, most, its_lease, all_free = nil, 0, nil, 0
for _, worker in ipairs(workers) do
  local lease = read(worker)
  if lease then
    local free = room(lease)
    local held = redis.call('ZSCORE', lease.key, attempt)
    all_free = all_free + free
    local weight = free * (1.05 - math.min(tonumber(lease.load or 0), 1))
    if free > 0 and worker == wanted then weight = 1e9 end
    if held and lease.ready == '1' then chosen, its_lease, most = worker, lease, math.huge
    elseif weight > most then chosen, its_lease, most = worker, lease, weight end
  end
end
if not chosen or (most ~= math.huge and all_free <= leave_free) then return nil end
redis.call('ZADD', its_lease.key, 'GT', now + hold, attempt)
if redis.call('PTTL', its_lease.key) < hold then redis.call('PEXPIRE', its_lease.key, hold) end
return told(chosen, its_lease)
"""
)

LEASE_OF = (
    ROOM
    + """
local lease = read(ARGV[1])
if not lease then return nil end
return told(ARGV[1], lease)
"""
)

RELEASE = """
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if not epoch then return 0 end
return redis.call('ZREM', 'slots:' .. ARGV[1] .. ':' .. epoch, ARGV[2])
"""

# KEYS: lease, workers, slots.
# ARGV: worker, epoch, url, slots, ready, first, load, lag ms, lease ms, live ms, warm-up ms, attempts…
BEAT = (
    NOW
    + """
local worker, epoch, url, slots, ready, first = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local lease_for, live_for, warm_up = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local counts_from = redis.call('HGET', KEYS[1], 'counts_from')
if first == '1' then counts_from = 0
elseif not counts_from then counts_from = now + warm_up end
for i = 12, #ARGV do redis.call('ZADD', KEYS[3], 'GT', now + live_for, ARGV[i]) end
if #ARGV >= 12 and redis.call('PTTL', KEYS[3]) < live_for then redis.call('PEXPIRE', KEYS[3], live_for) end
redis.call('HSET', KEYS[1], 'epoch', epoch, 'url', url, 'slots', slots, 'live', #ARGV - 11, 'ready', ready,
  'load', ARGV[7], 'lag_ms', ARGV[8], 'counts_from', counts_from)
redis.call('PEXPIRE', KEYS[1], lease_for)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZADD', KEYS[2], now + lease_for, worker)
redis.call('PEXPIRE', KEYS[2], lease_for)
return 1
"""
)
