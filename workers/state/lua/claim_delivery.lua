-- id, token, lease, target, connections, longest rest → {claims, failures, alert, channel, matches, made} when it is ours
-- now, {} when not: it is another's, waits for a retry, its target rests or is busy with `connections` others.
-- The attempt is counted here, before any work; a repeated call with the same token counts no second one.
local id, token, lease, target, connections = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
local longest = tonumber(ARGV[6])
local key, now = K .. 'delivery:' .. id, now_ms()
local v = redis.call('HMGET', key, 'alert', 'token', 'lease', 'wait')
if not v[1] then
  redis.call('ZREM', K .. 'deliver', id)
  return {}
end
local again = v[2] == token
if not again then
  if v[2] and not over(v[3], now, lease) then return {} end
  local wait = tonumber(v[4] or '0')
  if wait > now and wait <= now + longest then return {} end
  local busy, rest = K .. 'target:' .. target, tonumber(redis.call('GET', K .. 'target_rest:' .. target) or '0')
  redis.call('ZREMRANGEBYSCORE', busy, '-inf', text(now))
  if rest > now or redis.call('ZCARD', busy) >= connections then
    redis.call('ZADD', K .. 'deliver', text(math.max(rest, now + 500)), id)
    return {}
  end
  redis.call('ZADD', busy, text(now + lease), id)
  redis.call('PEXPIRE', busy, text(lease))
  redis.call('HINCRBY', key, 'claims', 1)
end
redis.call('HSET', key, 'token', token, 'lease', text(now + lease), 'target', target)
redis.call('ZADD', K .. 'deliver', text(now + lease), id)
return redis.call('HMGET', key, 'claims', 'failures', 'alert', 'channel', 'matches', 'made')
