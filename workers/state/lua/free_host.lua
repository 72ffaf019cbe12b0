-- host, slot: a connection to the host is free again; the next entry may start once its gap is over.
local host, slot = ARGV[1], ARGV[2]
redis.call('ZREM', K .. 'busy:' .. host, slot)
local first = redis.call('ZRANGE', K .. 'frontier:' .. host, 0, 0, 'WITHSCORES')
if #first > 0 then
  local next = tonumber(redis.call('HGET', K .. 'host:' .. host, 'next') or '0')
  redis.call('ZADD', K .. 'hosts', text(math.max(next, tonumber(first[2]))), host)
end
return 1
