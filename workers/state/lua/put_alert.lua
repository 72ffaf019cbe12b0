-- name, record, cap → 1 when new, 0 when changed, -1 when there are `cap` already.
local name, record, cap = ARGV[1], ARGV[2], tonumber(ARGV[3])
if redis.call('HEXISTS', K .. 'alerts', name) == 0 and redis.call('HLEN', K .. 'alerts') >= cap then return -1 end
return redis.call('HSET', K .. 'alerts', name, record)
