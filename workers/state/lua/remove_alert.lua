-- name → 1: the alert is gone with all it remembers. What waits to be delivered finds no alert and goes, too.
local name = ARGV[1]
redis.call('DEL', K .. 'told:' .. name, K .. 'digest:' .. name)
redis.call('ZREM', K .. 'digests', name)
redis.call('HDEL', K .. 'digest_next', name)
local found = redis.call('HDEL', K .. 'alerts', name)
if redis.call('EXISTS', K .. 'alerts') == 0 then redis.call('DEL', K .. 'news', K .. 'news_claims') end
return found
