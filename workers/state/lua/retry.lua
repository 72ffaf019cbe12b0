-- id, token, delay, counted, error, host_delay → 1: the entry may be claimed again after `delay` ms.
-- `counted` 1: a failure of the item; 0: not its fault. A host that pushed back gives nothing for `host_delay` ms.
local id, token, delay, counted, error = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
local host_delay = tonumber(ARGV[6])
local key = K .. 'entry:' .. id
if not ours(key, token) then return 0 end
local v = redis.call('HMGET', key, 'stage', 'host')
local now = now_ms()
unlease(key)
redis.call('HSET', key, 'claims', '0', 'error', error, 'wait', text(now + delay))
redis.call('HINCRBY', key, 'failures', counted)
place(id, v[1], v[2], now + delay)
if host_delay > 0 then
  local open = math.max(now + host_delay, tonumber(redis.call('HGET', K .. 'host:' .. v[2], 'next') or '0'))
  redis.call('HSET', K .. 'host:' .. v[2], 'next', text(open))
  redis.call('EXPIRE', K .. 'host:' .. v[2], 604800)
  redis.call('ZADD', K .. 'hosts', text(open), v[2])
end
count('retried')
return 1
