-- id, token, article, version, observed, content_hash, ttl, how, listed, gone, alone, due, cap, since, lean → 1 when
-- acknowledged. 2, and nothing done: a document written as the only one of its article (`alone`) is not, for another
-- observation has claimed the article meanwhile; its text must be kept as a version first.
-- `due` (ms, '0' for never): when its page is fetched again, if no other entry of its article is and less than `cap` wait.
-- An article that was removed meanwhile leaves nothing: its entry is "removed", and no look at its page is to come.
-- The entry is seen and its hand-over gone; but it stays pending when its article is listed by a feed that the stored
-- document does not name yet (to be relisted), or when its feed announced an edit meanwhile (to be fetched again).
local id, token, article = ARGV[1], ARGV[2], ARGV[3]
local version, observed, hash, ttl, how = tonumber(ARGV[4]), ARGV[5], ARGV[6], tonumber(ARGV[7]), ARGV[8]
local key = K .. 'entry:' .. id
if not ours(key, token) then return 0 end
local v = redis.call('HMGET', key, 'stage', 'host', 'feeds', 'listed', 'fingerprint', 'next_data', 'next_fingerprint',
  'relist')
local listed = ARGV[9] ~= '' and ARGV[9] or v[4] or ''
local due = tonumber(ARGV[12])
if article ~= '' and redis.call('HEXISTS', K .. 'removed', article) == 1 then article, how, due = '', 'removed', 0 end
local akey = K .. 'article:' .. article
if article ~= '' then
  if ARGV[11] == '1' and tonumber(redis.call('HGET', akey, 'claimed') or '0') > tonumber(observed) then return 2 end
  if how == 'superseded' then listed = redis.call('HGET', akey, 'stored') or listed end
  local owed = union(redis.call('HGET', akey, 'feeds'), v[3])
  redis.call('HSET', akey, 'feeds', owed)
  -- a text not seen before; also one that another writer has superseded before its first acknowledgement came through
  if (how == 'stored' or how == 'superseded') and ARGV[10] == '' and redis.call('HGET', akey, 'hash') ~= hash then
    tell_alerts(article)
  end
  if how == 'stored' and version >= tonumber(redis.call('HGET', akey, 'version') or '0') then
    redis.call('HSET', akey, 'version', text(version), 'hash', hash, 'stored', listed, 'gone', ARGV[10])
    -- who brought feeds up to date, or found the page gone, has not seen the text
    if ARGV[10] == '' and (v[8] or '') == '' then
      redis.call('HSET', akey, 'observed', text(math.max(tonumber(observed), tonumber(redis.call('HGET', akey, 'observed') or '0'))))
    end
  elseif ARGV[10] == '1' then
    redis.call('HSET', akey, 'gone', '1')
  end
  if how == 'same' and hash ~= '' and hash == redis.call('HGET', akey, 'hash') then  -- it still read so then
    local last = tonumber(redis.call('HGET', akey, 'observed') or '0')
    redis.call('HSET', akey, 'observed', text(math.max(last, tonumber(observed))))
  end
  redis.call('EXPIRE', akey, ttl)
  if union(listed, owed) ~= union(listed, '') then
    empty_hands(id)
    redis.call('HSET', key, 'relist', article, 'retell', '')
    redis.call('HDEL', key, 'listed')
    move(id, v[1], 'process', v[2], now_ms())
    return 1
  end
end
if v[6] then
  empty_hands(id)
  set_data(id, v[6], v[7])
  redis.call('HDEL', key, 'next_data', 'next_fingerprint', 'listed', 'relist', 'article', 'refetch')
  move(id, v[1], 'fetch', v[2], now_ms())
  return 1
end
local told = {}
for feed in each(v[3]) do
  local fingerprint = redis.call('HGET', key, 'told:' .. feed) or v[5]
  see(feed, id, fingerprint)
  told[#told + 1] = 'told:' .. feed
  told[#told + 1] = fingerprint
end
drop(id)
local set = K .. 'refetch'
local watched = due > 0 and (article == '' or redis.call('HSETNX', akey, 'watch', id) == 1
  or redis.call('HGET', akey, 'watch') == id)
if watched and redis.call('ZCARD', set) < tonumber(ARGV[13]) then
  redis.call('ZADD', set, text(due), id)
  local again = K .. 'again:' .. id
  redis.call('DEL', again)
  redis.call('HSET', again, 'data', ARGV[15], 'host', v[2], 'feeds', v[3], 'fingerprint', v[5], 'since', ARGV[14])
  for i = 1, #told, 2 do redis.call('HSET', again, told[i], told[i + 1]) end
else
  forget_refetch(id)
end
count(how)
return 1
