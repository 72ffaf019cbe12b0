-- id, token, record, cap → 1: the entry becomes a dead letter. Above `cap` the oldest ones go (counted, marked as seen).
local id, token, record, cap = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local key = K .. 'entry:' .. id
if not ours(key, token) then return 0 end
local v = redis.call('HMGET', key, 'data', 'feeds', 'fingerprint', 'host', 'next_data', 'next_fingerprint', 'home')
lay(id, cap, 'record', record, 'kind', 'entry', 'data', v[5] or v[1], 'feeds', v[2], 'fingerprint', v[6] or v[3],
  'host', v[7] or v[4])
drop(id)
return 1
