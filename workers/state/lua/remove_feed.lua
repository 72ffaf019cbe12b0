-- id → 1 when there was one. Its pending entries stay: they were promised.
local id = ARGV[1]
redis.call('DEL', K .. 'feed:' .. id, K .. 'seen:' .. id, K .. 'body:' .. id)
redis.call('ZREM', K .. 'due', id)
redis.call('ZREM', K .. 'parse', id)
return redis.call('SREM', K .. 'feeds', id)
