-- Make the hand-over's byte count what its entries say.
local bytes = 0
for _, id in ipairs(redis.call('ZRANGE', K .. 'pending', 0, -1)) do
  bytes = bytes + tonumber(redis.call('HGET', K .. 'entry:' .. id, 'bytes') or '0')
end
redis.call('SET', K .. 'handover', text(bytes))
return bytes
