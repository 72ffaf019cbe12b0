-- stage, token, lease, max_claims, id → {"claimed"|"poison", config, state, claims, now, download}, or nil.
local stage, token, lease, max_claims, id = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local key = K .. 'feed:' .. id
local set = stage == 'poll' and 'due' or 'parse'
local v = redis.call('HMGET', key, 'config', 'state', 'stage', 'token', 'lease', 'claims')
if not v[1] or (v[3] or 'poll') ~= stage or not redis.call('ZSCORE', K .. set, id) then return false end
local now, again = now_ms(), v[4] == token
if v[4] and not again and not over(v[5], now, lease) then return false end
local claims = tonumber(v[6] or '0')
if not again then claims = redis.call('HINCRBY', key, 'claims', 1) end
local status = claims > max_claims and 'poison' or 'claimed'
redis.call('HSET', key, 'token', token, 'lease', text(now + lease))
redis.call('ZADD', K .. set, text(now + lease), id)
local body = stage == 'parse' and redis.call('GET', K .. 'body:' .. id) or ''
return {status, v[1], v[2] or '', text(claims), text(now), body or ''}
