-- id, token, how, then nothing, or: delay, counted, error, rest (ms) → 1 when it was ours.
-- how: "delivered" or "dropped" (the alert, or this way of telling, is gone), "retry" after `delay` ms, `counted` 1 when
-- it failed, 0 when it was given back; its target gets nothing at all for `rest` ms.
local id, token, how = ARGV[1], ARGV[2], ARGV[3]
local key = K .. 'delivery:' .. id
if not ours(key, token) then return 0 end
local now, target = now_ms(), redis.call('HGET', key, 'target')
redis.call('ZREM', K .. 'target:' .. target, id)
if how == 'retry' then
  local delay, rest = tonumber(ARGV[4]), tonumber(ARGV[7])
  unlease(key)
  redis.call('HSET', key, 'claims', '0', 'error', ARGV[6], 'wait', text(now + delay))
  redis.call('HINCRBY', key, 'failures', ARGV[5])
  redis.call('ZADD', K .. 'deliver', text(now + delay), id)
  if rest > 0 then redis.call('SET', K .. 'target_rest:' .. target, text(now + rest), 'PX', text(rest)) end
else
  redis.call('DEL', key)
  redis.call('ZREM', K .. 'deliver', id)
end
count('alert_' .. how)
return 1
