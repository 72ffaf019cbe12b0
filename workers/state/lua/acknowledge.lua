-- id, token, article, version, observed, content_hash, ttl, how, listed → 1 when acknowledged.
-- The entry is seen and its hand-over gone; but it stays pending when its article is listed by a feed that the stored
-- document does not name yet (to be relisted), or when its feed announced an edit meanwhile (to be fetched again).
local id, token, article = ARGV[1], ARGV[2], ARGV[3]
local version, observed, hash, ttl, how = tonumber(ARGV[4]), ARGV[5], ARGV[6], tonumber(ARGV[7]), ARGV[8]
local key = K .. 'entry:' .. id
if not ours(key, token) then return 0 end
local v = redis.call('HMGET', key, 'stage', 'host', 'feeds', 'listed', 'fingerprint', 'next_data', 'next_fingerprint')
local listed = ARGV[9] ~= '' and ARGV[9] or v[4] or ''
if article ~= '' then
  local akey = K .. 'article:' .. article
  if how == 'superseded' then listed = redis.call('HGET', akey, 'stored') or listed end
  local owed = union(redis.call('HGET', akey, 'feeds'), v[3])
  redis.call('HSET', akey, 'feeds', owed)
  if how == 'stored' and version >= tonumber(redis.call('HGET', akey, 'version') or '0') then
    redis.call('HSET', akey, 'version', text(version), 'observed', observed, 'hash', hash, 'stored', listed)
  end
  redis.call('EXPIRE', akey, ttl)
  if union(listed, owed) ~= union(listed, '') then
    empty_hands(id)
    redis.call('HSET', key, 'relist', article)
    redis.call('HDEL', key, 'listed')
    move(id, v[1], 'process', v[2], now_ms())
    return 1
  end
end
if v[6] then
  empty_hands(id)
  set_data(id, v[6], v[7])
  redis.call('HDEL', key, 'next_data', 'next_fingerprint', 'listed', 'relist', 'article')
  move(id, v[1], 'fetch', v[2], now_ms())
  return 1
end
for feed in each(v[3]) do
  see(feed, id, redis.call('HGET', key, 'told:' .. feed) or v[5])
end
drop(id)
count(how)
return 1
