-- longest wait in ms → how many were brought back: a time beyond now + longest was made by a clock that jumped.
local now, moved = now_ms(), 0
local limit = now + tonumber(ARGV[1])
local sets = {'due', 'parse', 'process', 'index', 'hosts', 'news', 'deliver', 'digests'}
for _, host in ipairs(redis.call('ZRANGE', K .. 'hosts', 0, -1)) do
  sets[#sets + 1] = 'frontier:' .. host
  redis.call('ZREMRANGEBYSCORE', K .. 'busy:' .. host, '(' .. text(limit), '+inf')
  if tonumber(redis.call('HGET', K .. 'host:' .. host, 'next') or '0') > limit then
    redis.call('HSET', K .. 'host:' .. host, 'next', text(now))
  end
end
for _, set in ipairs(sets) do
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', K .. set, '(' .. text(limit), '+inf', 'LIMIT', 0, 10000)) do
    redis.call('ZADD', K .. set, text(now), id)
    redis.call('HDEL', K .. 'entry:' .. id, 'wait')
    moved = moved + 1
  end
end
return moved
