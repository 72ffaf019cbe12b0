-- id, token → 1: the entry needs its page (again).
local id, token = ARGV[1], ARGV[2]
local key = K .. 'entry:' .. id
if not ours(key, token) then return 0 end
local v = redis.call('HMGET', key, 'stage', 'host')
empty_hands(id)
redis.call('HDEL', key, 'relist', 'article', 'listed')
move(id, v[1], 'fetch', v[2], now_ms())
return 1
