-- set, limit, redispatch → ids that may be claimed now; they are not handed out again before `redispatch` ms.
local set, limit, redispatch = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local now = now_ms()
local ids = redis.call('ZRANGEBYSCORE', K .. set, '-inf', text(now), 'LIMIT', 0, limit)
for _, id in ipairs(ids) do redis.call('ZADD', K .. set, text(now + redispatch), id) end
return ids
