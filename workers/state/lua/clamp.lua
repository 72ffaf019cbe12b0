-- longest wait in ms → how many were brought back: a score beyond now + longest was made by a clock that jumped.
local now, moved = now_ms(), 0
local limit = now + tonumber(ARGV[1])
local sets = {'due', 'parse', 'process', 'index', 'hosts'}
for _, host in ipairs(redis.call('ZRANGE', K .. 'hosts', 0, -1)) do sets[#sets + 1] = 'frontier:' .. host end
for _, set in ipairs(sets) do
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', K .. set, '(' .. text(limit), '+inf', 'LIMIT', 0, 10000)) do
    redis.call('ZADD', K .. set, text(now), id)
    moved = moved + 1
  end
end
return moved
