-- id, token, record, cap → 1: the message becomes a dead letter, to be replayed under the same id.
local id, token, record, cap = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local key = K .. 'delivery:' .. id
if not ours(key, token) then return 0 end
local v = redis.call('HMGET', key, 'alert', 'channel', 'matches', 'made', 'target')
redis.call('ZREM', K .. 'target:' .. v[5], id)
lay(id, cap, 'record', record, 'kind', 'delivery', 'alert', v[1], 'channel', v[2], 'matches', v[3], 'made', v[4])
redis.call('DEL', key)
redis.call('ZREM', K .. 'deliver', id)
return 1
