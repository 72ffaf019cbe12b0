-- feed, entry ids… → the fingerprint by which each is known to this feed: seen, pending, or a dead letter; "" for a new one.
local out = {}
for i = 2, #ARGV do
  local id = ARGV[i]
  out[#out + 1] = redis.call('HGET', K .. 'entry:' .. id, 'told:' .. ARGV[1])
    or redis.call('HGET', K .. 'seen:' .. ARGV[1], id)
    or redis.call('HGET', K .. 'dead:' .. id, 'fingerprint') or ''
end
return out
