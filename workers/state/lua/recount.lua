-- Make the byte counts of hand-over and entries what the entries say.
local bytes, begun, weight = 0, 0, 0
for _, id in ipairs(redis.call('ZRANGE', K .. 'pending', 0, -1)) do
  bytes = bytes + tonumber(redis.call('HGET', K .. 'entry:' .. id, 'bytes') or '0')
  begun = begun + tonumber(redis.call('HGET', K .. 'entry:' .. id, 'begun') or '0')
  weight = weight + redis.call('HSTRLEN', K .. 'entry:' .. id, 'data')
end
redis.call('SET', K .. 'handover', text(bytes))
redis.call('SET', K .. 'begun', text(begun))
redis.call('SET', K .. 'weight', text(weight))
return bytes
