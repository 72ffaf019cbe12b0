-- id, token, article, version, observed, content_hash, ttl, how, listed → 1 when acknowledged: the entry is seen, its hand-over gone.
-- When a feed joined after the document was made, the entry stays pending to have the document relisted.
local id, token, article = ARGV[1], ARGV[2], ARGV[3]
local version, observed, hash, ttl, how = tonumber(ARGV[4]), ARGV[5], ARGV[6], tonumber(ARGV[7]), ARGV[8]
local key = K .. 'entry:' .. id
if not ours(key, token) then return 0 end
local v = redis.call('HMGET', key, 'stage', 'host', 'feeds', 'listed', 'fingerprint')
local listed = v[4] or ARGV[9]
if article ~= '' and how == 'stored' then
  local akey = K .. 'article:' .. article
  if version >= tonumber(redis.call('HGET', akey, 'version') or '0') then
    redis.call('HSET', akey, 'version', text(version), 'observed', observed, 'hash', hash, 'stored', listed)
  end
  redis.call('EXPIRE', akey, ttl)
end
if article ~= '' and union(listed, v[3]) ~= union(listed, '') then
  empty_hands(id)
  redis.call('HSET', key, 'relist', article)
  move(id, v[1], 'process', v[2], now_ms())
  return 1
end
for feed in each(v[3]) do
  if redis.call('SISMEMBER', K .. 'feeds', feed) == 1 then
    redis.call('HSET', K .. 'seen:' .. feed, id, v[5])
  end
end
drop(id)
count(how)
return 1
