-- limit, redispatch, connections, default_gap, scan → feeds that may be polled now, as {host, ids…} lists.
-- A host with a gap gives one feed a gap; one without gives batches, one for each free connection. Its other due feeds
-- are moved behind each other into the near future, so that a host of ten thousand feeds stands in nobody's way.
local limit, redispatch, connections = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local default_gap, scan = tonumber(ARGV[4]), tonumber(ARGV[5])
local BATCH, STEP = 5, 50  -- feeds of one host in one message; ms between feeds of a host without a gap that is busy
local now, handed, out, hosts = now_ms(), 0, {}, {}

local function look_up(name)
  local v = redis.call('HMGET', K .. 'host:' .. name, 'gap', 'pace', 'quiet', 'polled')
  local gap = tonumber(v[1] or default_gap)
  if gap > 0 then gap = math.max(gap, tonumber(v[2] or '0')) end
  local busy = K .. 'busy:' .. name
  redis.call('ZREMRANGEBYSCORE', busy, '-inf', text(now))
  redis.call('ZREMRANGEBYSCORE', busy, text(now + redispatch + 60000), '+inf')  -- from a clock that was ahead
  local opens = math.max(tonumber(v[3] or '0'), gap > 0 and tonumber(v[4] or '0') + gap or 0)
  return {gap = gap, opens = math.min(opens, now + 86400000), free = connections - redis.call('ZCARD', busy),
    waiting = 0, batch = {}}
end

local function hand_out(id, name, host)
  redis.call('ZADD', K .. 'due', text(now + redispatch), id)
  handed = handed + 1
  if #host.batch > 1 and #host.batch <= BATCH and host.gap == 0 then
    host.batch[#host.batch + 1] = id
    return
  end
  host.batch = {name, id}
  out[#out + 1] = host.batch
  host.free = host.free - 1
  redis.call('ZADD', K .. 'busy:' .. name, text(now + redispatch), id)
  redis.call('EXPIRE', K .. 'busy:' .. name, math.ceil(redispatch / 1000) + 60)
  if host.gap > 0 then
    host.opens = now + host.gap
    redis.call('HSET', K .. 'host:' .. name, 'polled', text(now))
    redis.call('EXPIRE', K .. 'host:' .. name, 604800)
  end
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', K .. 'due', '-inf', text(now), 'LIMIT', 0, scan)) do
  if handed >= limit then break end
  local v = redis.call('HMGET', K .. 'feed:' .. id, 'host', 'config')
  if not v[2] then
    redis.call('ZREM', K .. 'due', id)  -- removed meanwhile
  else
    local name = v[1] or ''
    local host = hosts[name] or look_up(name)
    hosts[name] = host
    local joins = #host.batch > 1 and #host.batch <= BATCH and host.gap == 0
    if host.opens <= now and (joins or host.free > 0 or name == '') then
      hand_out(id, name, host)
    else
      host.waiting = host.waiting + 1
      local later = math.max(host.opens, now) + host.waiting * math.max(host.gap, STEP)
      redis.call('ZADD', K .. 'due', text(later), id)
    end
  end
end
return out
