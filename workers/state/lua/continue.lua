-- id, token, address, host, gap, cap → 1: the article goes on at `address`, which is to be fetched; -1: entries
-- that wait like this one hold `cap` bytes already, nothing is changed. What came so far is kept, but does not count as handed over:
-- above the hand-over's own cap nothing is fetched, and the articles begun would hold up each other for ever.
local id, token, address, host, gap, cap = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local key = K .. 'entry:' .. id
if not ours(key, token) then return 0 end
local v = redis.call('HMGET', key, 'stage', 'host', 'bytes', 'born')
local bytes = tonumber(v[3])
if tonumber(redis.call('GET', K .. 'begun') or '0') + bytes > cap then return -1 end
redis.call('DECRBY', K .. 'handover', v[3])
redis.call('INCRBY', K .. 'begun', v[3])
redis.call('HSET', key, 'bytes', '0', 'begun', v[3], 'further', address, 'home', v[2])
unplace(id, v[1], v[2])
redis.call('HSET', key, 'host', host)
redis.call('HSET', K .. 'host:' .. host, 'gap', gap)
redis.call('EXPIRE', K .. 'host:' .. host, 604800)
move(id, 'fetch', 'fetch', host, tonumber(v[4]))  -- before what came later: what is begun shall be finished first
return 1
