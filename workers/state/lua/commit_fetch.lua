-- id, token, page → 1 when committed: the page waits for the process stage.
local id, token, page = ARGV[1], ARGV[2], ARGV[3]
local key = K .. 'entry:' .. id
if not ours(key, token) then return 0 end
local v = redis.call('HMGET', key, 'stage', 'host')
empty_hands(id)
hand_over(id, 'page', page)
move(id, v[1], 'process', v[2], now_ms())
count('fetched')
return 1
