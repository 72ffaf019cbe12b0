-- entry, token, ttl, observed, own, first_seen, addresses… → {} when the entry is not ours, {"unknown"} when no address is
-- known and `own` is "" (ask the store, then call again), else
-- {article, feeds, stored, hash, observed, version, first_seen, superseded, removed, gone}.
-- The first id that any of these addresses got wins, else `own`.
local entry, token, ttl, observed, own, first_seen = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5], ARGV[6]
local ekey = K .. 'entry:' .. entry
if not ours(ekey, token) then return {} end
local article
for i = 7, #ARGV do
  article = article or redis.call('GET', K .. 'address:' .. ARGV[i])
end
article = article or (own ~= '' and own)
if not article then return {'unknown'} end
local removed = redis.call('HEXISTS', K .. 'removed', article)
for i = 7, #ARGV do
  local akey = K .. 'address:' .. ARGV[i]
  redis.call('SET', akey, article, 'NX')
  if removed == 1 then redis.call('PERSIST', akey) else redis.call('EXPIRE', akey, ttl) end
end
local key = K .. 'article:' .. article
redis.call('HSETNX', key, 'first_seen', first_seen)
local v = redis.call('HMGET', key, 'feeds', 'stored', 'hash', 'observed', 'version', 'first_seen', 'claimed', 'gone')
local feeds = union(v[1], redis.call('HGET', ekey, 'feeds'))
local claimed = tonumber(v[7] or '0')
local superseded = observed < claimed and 1 or 0
redis.call('HSET', key, 'feeds', feeds, 'claimed', text(math.max(observed, claimed)))
redis.call('EXPIRE', key, ttl)
return {article, feeds, v[2] or '', v[3] or '', v[4] or '0', v[5] or '0', v[6], tostring(superseded), tostring(removed), v[8] or ''}
