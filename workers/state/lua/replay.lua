-- id → 1: the dead letter is pending again, from its page on (a feed: due now; a message: to be delivered; an article
-- that alerts failed on: to be looked at).
local id = ARGV[1]
local key = K .. 'dead:' .. id
local v = redis.call('HMGET', key, 'kind', 'data', 'feeds', 'fingerprint', 'host')
if not v[1] then return 0 end
if v[1] == 'entry' then
  if redis.call('EXISTS', K .. 'entry:' .. id) == 0 then create(id, 'fetch', v[5], v[2], v[3], v[4], now_ms()) end
elseif v[1] == 'delivery' then
  local w = redis.call('HMGET', key, 'alert', 'channel', 'matches', 'made')
  post(id, w[1], w[2], w[3])
  redis.call('HSET', K .. 'delivery:' .. id, 'made', w[4])
elseif v[1] == 'alert' then
  tell_alerts(v[2])
elseif redis.call('SISMEMBER', K .. 'feeds', id) == 1 then
  redis.call('ZADD', K .. 'due', text(now_ms()), id)
end
redis.call('DEL', key)
redis.call('ZREM', K .. 'dead', id)
redis.call('INCR', K .. 'dead_changes')
return 1
