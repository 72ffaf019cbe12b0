-- host, ms → 1: nothing is fetched from the host, and none of its feeds polled, for so long; a longer rest stays.
local host, rest = ARGV[1], tonumber(ARGV[2])
local key = K .. 'host:' .. host
local ends = now_ms() + rest
local quiet = math.max(ends, tonumber(redis.call('HGET', key, 'quiet') or '0'))
redis.call('HSET', key, 'quiet', text(quiet), 'next', text(math.max(quiet, tonumber(redis.call('HGET', key, 'next') or '0'))))
redis.call('EXPIRE', key, 604800)
local listed = redis.call('ZSCORE', K .. 'hosts', host)
if listed and tonumber(listed) < quiet then redis.call('ZADD', K .. 'hosts', text(quiet), host) end
return 1
