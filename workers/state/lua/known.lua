-- feed, then per entry: id, fingerprint → the fingerprint by which each is known to this feed: seen, pending, or a dead
-- letter; "" for a new one. Of a seen one four bytes are remembered: when they are those of the given, it is the given.
local out = {}
for i = 2, #ARGV, 2 do
  local id, fingerprint = ARGV[i], ARGV[i + 1]
  local seen = redis.call('HGET', K .. 'seen:' .. ARGV[1], known_as(id))
  if seen == mark(fingerprint) then seen = fingerprint elseif seen then seen = 'another' end
  out[#out + 1] = redis.call('HGET', K .. 'entry:' .. id, 'told:' .. ARGV[1]) or seen
    or redis.call('HGET', K .. 'dead:' .. id, 'fingerprint') or ''
end
return out
