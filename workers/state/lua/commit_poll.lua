-- id, token, state, delay, ceiling, enabled, event, window, at, n, then per entry: id, fingerprint, host, gap, data;
-- then `keep` ids. `window` (s) above 0: its host answered, which is noted as `reach` notes it. `at`: the host it is to
-- be asked at from now on, since feeds move.
-- → {committed, new, known, relisted}. All or nothing: entries, validators, next due time, lease.
local id, token, state = ARGV[1], ARGV[2], ARGV[3]
local delay, ceiling, enabled, n = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6] == '1', tonumber(ARGV[10])
local event, window, at_host = ARGV[7], tonumber(ARGV[8]), ARGV[9]
local key = K .. 'feed:' .. id
if not ours(key, token) then return {0, 0, 0, 0} end
local now, new, known, relisted = now_ms(), 0, 0, 0
local seen = K .. 'seen:' .. id
for i = 0, n - 1 do
  local at = 11 + i * 5
  local entry, fingerprint, host, gap, data = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
  local ekey = K .. 'entry:' .. entry
  local told = redis.call('HGET', ekey, 'told:' .. id)
  if redis.call('EXISTS', K .. 'dead:' .. entry) == 1 or recalled(id, entry) == mark(fingerprint) then
    known = known + 1
  elseif redis.call('EXISTS', ekey) == 1 then
    redis.call('HSET', ekey, 'feeds', union(redis.call('HGET', ekey, 'feeds'), id), 'told:' .. id, fingerprint)
    if told and told ~= fingerprint then  -- this feed announces an edit of what is still on its way
      local w = redis.call('HMGET', ekey, 'stage', 'token', 'further')
      if w[1] == 'fetch' and not w[2] and not w[3] then
        set_data(entry, data, fingerprint)
        redis.call('HDEL', ekey, 'refetch')
      else redis.call('HSET', ekey, 'next_data', data, 'next_fingerprint', fingerprint) end
    end
    known = known + 1
  else
    local article = redis.call('GET', K .. 'address:' .. entry)
    local feeds = article and redis.call('HGET', K .. 'article:' .. article, 'feeds')
    redis.call('HSET', K .. 'host:' .. host, 'gap', gap)
    redis.call('EXPIRE', K .. 'host:' .. host, 604800)
    if feeds and not holds(feeds, id) then
      create(entry, 'process', host, data, id, fingerprint, now)
      redis.call('HSET', ekey, 'relist', article)
      redis.call('HSET', K .. 'article:' .. article, 'feeds', union(feeds, id))
      relisted = relisted + 1
    else
      local since = redis.call('HGET', K .. 'again:' .. entry, 'since')
      create(entry, 'fetch', host, data, id, fingerprint, now)
      if since then redis.call('HSET', ekey, 'since', since) end
      new = new + 1
    end
  end
end
local keep = {}
for i = 11 + n * 5, #ARGV do keep[known_as(ARGV[i])] = true end
if next(keep) then
  for _, old in ipairs(redis.call('HKEYS', seen)) do
    if not keep[old] then redis.call('HDEL', seen, old) end
  end
end
local asked_at = host_of_feed(id)
if window > 0 then reach(asked_at, false, window) end
if at_host ~= asked_at then  -- it moved, or came back
  redis.call('ZREM', K .. 'busy:' .. asked_at, id)
  if at_host == (redis.call('HGET', key, 'host') or '') then redis.call('HDEL', key, 'at')
  else redis.call('HSET', key, 'at', at_host) end
end
unlease(key)
local events = redis.call('HGET', key, 'events') or ''
redis.call('HSET', key, 'state', state, 'events', event .. string.sub(events, 1, 29 * #event))
redis.call('HDEL', key, 'stage', 'claims')
redis.call('DEL', K .. 'body:' .. id)
redis.call('ZREM', K .. 'parse', id)
if enabled and redis.call('HGET', key, 'enabled') ~= '0' then
  redis.call('ZADD', K .. 'due', text(now + math.max(0, math.min(delay, ceiling))), id)
else
  redis.call('ZREM', K .. 'due', id)
end
count('polls')
return {1, new, known, relisted}
