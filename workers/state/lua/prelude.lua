-- Shared by every script. Time is Redis' own; keys are built here and nowhere else (one node, no cluster).
local K = 'kabar:'

local function now_ms()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- Milliseconds that never repeat or run backwards, whatever the clock does: the order of observations.
local function tick()
  local last = tonumber(redis.call('GET', K .. 'clock') or '0')
  local now = math.max(now_ms(), last + 1)
  redis.call('SET', K .. 'clock', string.format('%.0f', now))
  return now
end

local function text(n) return string.format('%.0f', n) end

local function count(what, by) redis.call('HINCRBY', K .. 'count', what, by or 1) end

-- An item is ours while it carries our token: a stale or repeated call finds another token, or none.
local function ours(key, token)
  return redis.call('HGET', key, 'token') == token
end

-- A lease is over when its time is; also when it ends later than one given now would: the clock has jumped back.
local function over(lease, now, length)
  local ends = tonumber(lease or '0')
  return ends <= now or ends > now + length + 60000
end

local function unlease(key)
  redis.call('HDEL', key, 'token', 'lease')
end

-- Put an entry where its stage's dispatcher looks; it may be claimed from `score` on.
local function place(id, stage, host, score)
  if stage ~= 'fetch' then
    redis.call('ZADD', K .. stage, text(score), id)
    return
  end
  redis.call('ZADD', K .. 'frontier:' .. host, text(score), id)
  local open = math.max(score, tonumber(redis.call('HGET', K .. 'host:' .. host, 'next') or '0'))
  local listed = redis.call('ZSCORE', K .. 'hosts', host)
  if not listed or tonumber(listed) > open then redis.call('ZADD', K .. 'hosts', text(open), host) end
end

local function unplace(id, stage, host)
  if stage == 'fetch' then redis.call('ZREM', K .. 'frontier:' .. host, id)
  else redis.call('ZREM', K .. stage, id) end
end

-- Forget what an entry handed over (its page, its document), and the bytes it held. If it was to be fetched from the
-- host of a further page, it returns to the host of its own.
local function empty_hands(id)
  local key = K .. 'entry:' .. id
  local v = redis.call('HMGET', key, 'bytes', 'begun', 'home')
  redis.call('DECRBY', K .. 'handover', v[1] or '0')
  redis.call('HSET', key, 'bytes', '0')
  if v[2] then
    redis.call('DECRBY', K .. 'begun', v[2])
    redis.call('HSET', key, 'host', v[3])
    redis.call('HDEL', key, 'begun', 'further', 'home')
  end
  redis.call('DEL', K .. 'page:' .. id, K .. 'document:' .. id)
end

local function hand_over(id, kind, payload)
  local key = K .. 'entry:' .. id
  redis.call('SET', K .. kind .. ':' .. id, payload)
  redis.call('HINCRBY', key, 'bytes', #payload)
  redis.call('INCRBY', K .. 'handover', #payload)
end

-- Move an entry on: no token, no claims, no failures; claimable from `score`.
local function move(id, from, to, host, score)
  local key = K .. 'entry:' .. id
  unplace(id, from, host)
  unlease(key)
  redis.call('HSET', key, 'stage', to, 'claims', '0', 'failures', '0')
  place(id, to, host, score)
end

-- Replace what the feed said of an entry; `weight` is the bytes that all entries' data hold.
local function set_data(id, data, fingerprint)
  local key = K .. 'entry:' .. id
  redis.call('INCRBY', K .. 'weight', #data - redis.call('HSTRLEN', key, 'data'))
  redis.call('HSET', key, 'data', data, 'fingerprint', fingerprint)
end

-- Remove every trace of a pending entry.
local function drop(id)
  local key = K .. 'entry:' .. id
  local v = redis.call('HMGET', key, 'stage', 'host')
  if not v[1] then return end
  empty_hands(id)
  redis.call('DECRBY', K .. 'weight', redis.call('HSTRLEN', key, 'data'))
  unplace(id, v[1], v[2])
  redis.call('DEL', key)
  redis.call('ZREM', K .. 'pending', id)
end

-- What a feed remembers of an entry it listed: twelve bytes of its id and four of its fingerprint instead of 64 hex
-- digits, since a feed remembers hundreds. Among a feed's own entries that tells them apart (one chance in 2^80, and in
-- 2^32 for an edit). Ids of another kind stay as they are.
local function raw(hex)
  if #hex % 2 ~= 0 or string.find(hex, '[^0-9a-f]') then return hex end
  return (string.gsub(hex, '..', function(pair) return string.char(tonumber(pair, 16)) end))
end

local function known_as(id) return raw(string.sub(id, 1, 24)) end

local function mark(fingerprint) return raw(string.sub(fingerprint, 1, 8)) end

local function see(feed, id, fingerprint)
  if redis.call('SISMEMBER', K .. 'feeds', feed) == 1 then
    redis.call('HSET', K .. 'seen:' .. feed, known_as(id), mark(fingerprint))
  end
end

-- The mark of a seen entry, false of one not seen. Earlier versions kept id and fingerprint whole: such a row is
-- rewritten when it is met, so that an upgrade fetches nothing anew.
local function recalled(feed, id)
  local seen, short = K .. 'seen:' .. feed, known_as(id)
  local found = redis.call('HGET', seen, short)
  if found or short == id then return found end
  local whole = redis.call('HGET', seen, id)
  if not whole then return false end
  redis.call('HDEL', seen, id)
  redis.call('HSET', seen, short, mark(whole))
  return mark(whole)
end

-- The host a feed is asked at: its address's, or the one it moved to. Nil when there is no such feed.
local function host_of_feed(id)
  local v = redis.call('HMGET', K .. 'feed:' .. id, 'at', 'host')
  if v[1] or v[2] then return v[1] or v[2] end
  return redis.call('EXISTS', K .. 'feed:' .. id) == 1 and '' or nil  -- an earlier version noted no hosts
end

local function each(list)
  return string.gmatch(list or '', '[^,]+')
end

local function holds(list, item)
  for found in each(list) do if found == item then return true end end
  return false
end

local function union(list, more)
  local all, seen = {}, {}
  for _, part in ipairs({list or '', more or ''}) do
    for item in each(part) do
      if not seen[item] then seen[item] = true; all[#all + 1] = item end
    end
  end
  table.sort(all)
  return table.concat(all, ',')
end

local function forget_refetch(id)
  redis.call('ZREM', K .. 'refetch', id)
  redis.call('DEL', K .. 'again:' .. id)
end

-- Create a pending entry.
local function create(id, stage, host, data, feeds, fingerprint, now)
  local key = K .. 'entry:' .. id
  redis.call('HSET', key, 'stage', stage, 'host', host, 'feeds', feeds, 'claims', '0', 'failures', '0', 'bytes', '0',
    'born', text(now))
  for feed in each(feeds) do redis.call('HSET', key, 'told:' .. feed, fingerprint) end
  set_data(id, data, fingerprint)
  redis.call('ZADD', K .. 'pending', text(now), id)
  place(id, stage, host, now)
end

-- A text's record begins with the id (16 bytes) of the article it is a copy of.
local NOBODY = string.rep('\0', 16)

-- Whom the article copies, NOBODY, or nil when its text is not known.
local function copied_from(article)
  local original = redis.call('GETRANGE', K .. 'text:' .. article, 0, 15)
  return original ~= '' and original or nil
end

local function hex(id)
  return (string.gsub(id, '.', function(c) return string.format('%02x', string.byte(c)) end))
end

-- Note whether a host answered ("" notes none); returns how many were asked in this window, and how many of them did not
-- answer last.
local function reach(host, down, window)
  local now = math.floor(now_ms() / 1000 / window)
  local all, lost = K .. 'reach:' .. now, K .. 'unreached:' .. now
  if host ~= '' and redis.call('SADD', all, host) == 1 then redis.call('EXPIRE', all, window * 2) end
  if host == '' then  -- nothing to note
  elseif down then
    redis.call('SADD', lost, host)
    redis.call('EXPIRE', lost, window * 2)
  else
    redis.call('SREM', lost, host)
  end
  local hosts, unreached = redis.call('SCARD', all), redis.call('SCARD', lost)
  if hosts < 8 then  -- a window that has just begun: look at the one before, too
    hosts = hosts + redis.call('SCARD', K .. 'reach:' .. (now - 1))
    unreached = unreached + redis.call('SCARD', K .. 'unreached:' .. (now - 1))
  end
  return {hosts, unreached}
end

-- A new text is in the store: the saved searches look at it. One that is being looked at is looked at again.
local function tell_alerts(article)
  if redis.call('EXISTS', K .. 'alerts') == 1 then redis.call('ZADD', K .. 'news', text(now_ms()), article) end
end

-- Keep a dead letter's parts beside its record; above `cap` the oldest letters go (counted, their entries seen).
local function lay(id, cap, ...)
  redis.call('HSET', K .. 'dead:' .. id, ...)
  redis.call('ZADD', K .. 'dead', text(now_ms()), id)
  count('dead')
  redis.call('INCR', K .. 'dead_changes')
  local over = redis.call('ZCARD', K .. 'dead') - cap
  if over <= 0 then return end
  for _, old in ipairs(redis.call('ZRANGE', K .. 'dead', 0, over - 1)) do
    local w = redis.call('HMGET', K .. 'dead:' .. old, 'feeds', 'fingerprint')
    for feed in each(w[1] or '') do see(feed, old, w[2]) end
    redis.call('DEL', K .. 'dead:' .. old)
    redis.call('ZREM', K .. 'dead', old)
    count('dead_dropped')
  end
end

local function post(id, alert, channel, matches)
  redis.call('HSET', K .. 'delivery:' .. id, 'alert', alert, 'channel', channel, 'matches', matches, 'claims', '0',
    'failures', '0', 'made', text(now_ms()))
  redis.call('ZADD', K .. 'deliver', text(now_ms()), id)
end
