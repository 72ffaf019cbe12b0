-- id, token, download → 1: the feed's body waits to be parsed.
local id, token, download = ARGV[1], ARGV[2], ARGV[3]
local key = K .. 'feed:' .. id
if not ours(key, token) then return 0 end
unlease(key)
redis.call('SET', K .. 'body:' .. id, download)
redis.call('HSET', key, 'stage', 'parse')
redis.call('HDEL', key, 'claims')
redis.call('ZREM', K .. 'due', id)
redis.call('ZADD', K .. 'parse', text(now_ms()), id)
return 1
