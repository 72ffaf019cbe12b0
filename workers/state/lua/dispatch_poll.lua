-- limit, redispatch, connections, default_gap, scan → feeds that may be polled now, as {host, ids…} lists.
-- A host with a gap gives one feed a gap; one without gives batches, one for each free connection. What must wait stands
-- in its host's line, first come, first served, and is looked at again when its host is open (or, should the line be
-- lost, when its turn is reckoned to come): a host of ten thousand feeds is worked through once and delays nobody.
local limit, redispatch, connections = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local default_gap, scan = tonumber(ARGV[4]), tonumber(ARGV[5])
local BATCH, STEP, ROUNDS = 5, 50, 2  -- feeds in one message; ms a feed takes without a gap; scans while hands are free
local DAY = 86400000
local now, handed, queued, out, hosts = now_ms(), 0, 0, {}, {}

local function look_up(name)
  if hosts[name] then return hosts[name] end
  local v = redis.call('HMGET', K .. 'host:' .. name, 'gap', 'pace', 'quiet', 'polled')
  local gap = tonumber(v[1] or default_gap)
  if gap > 0 then gap = math.max(gap, tonumber(v[2] or '0')) end
  local busy = K .. 'busy:' .. name
  redis.call('ZREMRANGEBYSCORE', busy, '-inf', text(now))
  redis.call('ZREMRANGEBYSCORE', busy, text(now + redispatch + 60000), '+inf')  -- from a clock that was ahead
  local opens = math.max(tonumber(v[3] or '0'), gap > 0 and tonumber(v[4] or '0') + gap or 0)
  hosts[name] = {gap = gap, opens = math.min(opens, now + DAY), free = connections - redis.call('ZCARD', busy), batch = {}}
  return hosts[name]
end

local function joins(host) return #host.batch > 1 and #host.batch <= BATCH and host.gap == 0 end

local function is_open(name, host)
  return handed < limit and host.opens <= now and (joins(host) or host.free > 0 or name == '')
end

local function hand_out(id, name, host)
  redis.call('ZADD', K .. 'due', text(now + redispatch), id)
  handed = handed + 1
  if joins(host) then
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

local function queue(id, name, host)
  local line = K .. 'line:' .. name
  queued = queued + 0.001  -- the order among those of one millisecond
  redis.call('ZADD', line, 'NX', string.format('%.3f', now + queued), id)
  local turn = math.max(host.opens, now) + (redis.call('ZRANK', line, id) + 1) * math.max(host.gap, STEP)
  redis.call('ZADD', K .. 'due', text(math.min(turn, now + DAY)), id)
  redis.call('ZADD', K .. 'lines', 'NX', text(math.max(host.opens, now)), name)
end

-- Those that stand in line; who left it (removed, disabled, polled elsewhere) is passed over.
for _, name in ipairs(redis.call('ZRANGEBYSCORE', K .. 'lines', '-inf', text(now), 'LIMIT', 0, limit)) do
  local host, line = look_up(name), K .. 'line:' .. name
  while is_open(name, host) do
    local id = redis.call('ZPOPMIN', line)[1]
    if not id then break end
    if host_of_feed(id) == name and redis.call('ZSCORE', K .. 'due', id) then hand_out(id, name, host) end
  end
  if redis.call('EXISTS', line) == 0 then redis.call('ZREM', K .. 'lines', name)
  else redis.call('ZADD', K .. 'lines', text(math.max(host.opens, now)), name) end
end

for _ = 1, ROUNDS do
  local due = redis.call('ZRANGEBYSCORE', K .. 'due', '-inf', text(now), 'LIMIT', 0, scan)
  for _, id in ipairs(due) do
    if handed >= limit then return out end
    local name = host_of_feed(id)
    if not name then
      redis.call('ZREM', K .. 'due', id)  -- removed meanwhile
    else
      local host = look_up(name)
      if is_open(name, host) then
        redis.call('ZREM', K .. 'line:' .. name, id)
        hand_out(id, name, host)
      else queue(id, name, host) end
    end
  end
  if #due < scan then break end
end
return out
