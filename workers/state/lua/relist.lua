-- id, token, article, delay, retell → 1: the stored document must learn of the entry's feeds; `retell`: of its history.
local id, token, article, delay = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local key = K .. 'entry:' .. id
if not ours(key, token) then return 0 end
local v = redis.call('HMGET', key, 'stage', 'host')
empty_hands(id)
redis.call('HSET', key, 'relist', article, 'retell', ARGV[5])
redis.call('HDEL', key, 'listed')
move(id, v[1], 'process', v[2], now_ms() + delay)
return 1
