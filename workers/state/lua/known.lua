-- feed, entry ids… → the fingerprint of each that was acknowledged for this feed, is pending, or is a dead letter; "" for a new one.
local out = {}
for i = 2, #ARGV do
  local id = ARGV[i]
  local pending = redis.call('HMGET', K .. 'entry:' .. id, 'fingerprint', 'feeds')
  local found = redis.call('HGET', K .. 'seen:' .. ARGV[1], id)
    or (pending[1] and holds(pending[2], ARGV[1]) and pending[1])
    or redis.call('HGET', K .. 'dead:' .. id, 'fingerprint')
  out[#out + 1] = found or ''
end
return out
