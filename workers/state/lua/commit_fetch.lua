-- id, token, page → 1 when committed: the page (with those of its article that came before) waits for the process stage.
local id, token, page = ARGV[1], ARGV[2], ARGV[3]
local key = K .. 'entry:' .. id
if not ours(key, token) then return 0 end
local v = redis.call('HMGET', key, 'stage', 'host', 'further')
empty_hands(id)
hand_over(id, 'page', page)
move(id, v[1], 'process', v[2], now_ms())
count(v[3] and 'continued' or 'fetched')
return 1
