-- batches, batch_size, redispatch, connections, cap, default_gap → batches of entries, each of one host, fair over hosts.
-- A host with a gap gives one entry a gap, longer when it answers slowly or asked for it (robots.txt); without one, a
-- batch per free connection. Nothing above the byte cap.
local batches, size, redispatch = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local connections, cap = tonumber(ARGV[4]), tonumber(ARGV[5])
local out = {}
if tonumber(redis.call('GET', K .. 'handover') or '0') >= cap then return out end
local now = now_ms()
for _, host in ipairs(redis.call('ZRANGEBYSCORE', K .. 'hosts', '-inf', text(now), 'LIMIT', 0, batches)) do
  local frontier, busy = K .. 'frontier:' .. host, K .. 'busy:' .. host
  redis.call('ZREMRANGEBYSCORE', busy, '-inf', text(now))
  redis.call('ZREMRANGEBYSCORE', busy, text(now + redispatch + 60000), '+inf')  -- from a clock that was ahead
  local free = connections - redis.call('ZCARD', busy)
  local v = redis.call('HMGET', K .. 'host:' .. host, 'gap', 'pace', 'delay')
  local gap = tonumber(v[1] or ARGV[6])
  if gap > 0 then gap = math.max(gap, tonumber(v[2] or '0'), tonumber(v[3] or '0')) end
  while free > 0 and #out < batches do
    local ids = redis.call('ZRANGEBYSCORE', frontier, '-inf', text(now), 'LIMIT', 0, gap > 0 and 1 or size)
    if #ids == 0 then break end
    for _, id in ipairs(ids) do redis.call('ZADD', frontier, text(now + redispatch), id) end
    redis.call('ZADD', busy, text(now + redispatch), ids[1])
    out[#out + 1] = ids
    free = free - 1
    if gap > 0 then break end
  end
  redis.call('EXPIRE', busy, math.ceil(redispatch / 1000) + 60)
  local first = redis.call('ZRANGE', frontier, 0, 0, 'WITHSCORES')
  if #first == 0 then
    redis.call('ZREM', K .. 'hosts', host)
  else
    local open = math.max(now + gap, tonumber(first[2]))
    if free <= 0 then open = math.max(open, now + 1000) end
    redis.call('HSET', K .. 'host:' .. host, 'next', text(now + gap))
    redis.call('EXPIRE', K .. 'host:' .. host, 604800)
    redis.call('ZADD', K .. 'hosts', text(open), host)
  end
end
return out
