-- id → 1: the dead letter is gone for good; its entry counts as seen, so that no poll brings it back.
local id = ARGV[1]
local key = K .. 'dead:' .. id
local v = redis.call('HMGET', key, 'kind', 'feeds', 'fingerprint')
if not v[1] then return 0 end
for feed in each(v[2] or '') do
  see(feed, id, v[3])
end
redis.call('DEL', key)
redis.call('ZREM', K .. 'dead', id)
redis.call('INCR', K .. 'dead_changes')
return 1
