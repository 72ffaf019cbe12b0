-- id, token, record, cap → 1: the entry becomes a dead letter. Above `cap` the oldest ones go (counted, marked as seen).
local id, token, record, cap = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local key = K .. 'entry:' .. id
if not ours(key, token) then return 0 end
local v = redis.call('HMGET', key, 'data', 'feeds', 'fingerprint', 'host', 'next_data', 'next_fingerprint', 'home')
redis.call('HSET', K .. 'dead:' .. id, 'record', record, 'kind', 'entry', 'data', v[5] or v[1], 'feeds', v[2],
  'fingerprint', v[6] or v[3], 'host', v[7] or v[4])
redis.call('ZADD', K .. 'dead', text(now_ms()), id)
drop(id)
count('dead')
redis.call('INCR', K .. 'dead_changes')
local over = redis.call('ZCARD', K .. 'dead') - cap
if over > 0 then
  for _, old in ipairs(redis.call('ZRANGE', K .. 'dead', 0, over - 1)) do
    local w = redis.call('HMGET', K .. 'dead:' .. old, 'feeds', 'fingerprint')
    for feed in each(w[1] or '') do see(feed, old, w[2]) end
    redis.call('DEL', K .. 'dead:' .. old)
    redis.call('ZREM', K .. 'dead', old)
    count('dead_dropped')
  end
end
return 1
