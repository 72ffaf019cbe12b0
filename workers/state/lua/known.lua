-- feed, then per entry: id, fingerprint → the fingerprint by which each is known to this feed: seen or pending; "" for a
-- new one. Of a seen one four bytes are remembered: when they are those of the given, it is the given. A dead letter is
-- known as it is given, for it is an operator's to replay, however often its feed edits it.
local out = {}
for i = 2, #ARGV, 2 do
  local id, fingerprint = ARGV[i], ARGV[i + 1]
  local told = redis.call('HGET', K .. 'entry:' .. id, 'told:' .. ARGV[1])
  if not told then
    local seen = recalled(ARGV[1], id)
    if seen == mark(fingerprint) or redis.call('EXISTS', K .. 'dead:' .. id) == 1 then told = fingerprint
    elseif seen then told = 'another' end
  end
  out[#out + 1] = told or ''
end
return out
