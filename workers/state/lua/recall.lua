-- limit, most, most_with_gap, pause, longest, handover_cap, max_pending, entry_bytes → how many articles' pages wait in
-- the frontier again. New articles go first: an entry that is due waits until its host has little else to do.
local limit, most, most_with_gap = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local pause, longest = tonumber(ARGV[4]), tonumber(ARGV[5])
local set, recalled, now = K .. 'refetch', 0, now_ms()
if tonumber(redis.call('GET', K .. 'handover') or '0') >= tonumber(ARGV[6]) then return 0 end
if redis.call('ZCARD', K .. 'pending') >= tonumber(ARGV[7]) then return 0 end
if tonumber(redis.call('GET', K .. 'weight') or '0') >= tonumber(ARGV[8]) then return 0 end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', set, '(' .. text(now + longest), '+inf', 'LIMIT', 0, limit)) do
  redis.call('ZADD', set, text(now), id)  -- from a clock that was ahead
end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', set, '-inf', text(now), 'LIMIT', 0, limit)) do
  local again, key = K .. 'again:' .. id, K .. 'entry:' .. id
  local v = redis.call('HMGET', again, 'data', 'host', 'feeds', 'fingerprint', 'since')
  if not v[1] or redis.call('EXISTS', key, K .. 'dead:' .. id) > 0 then
    forget_refetch(id)  -- it is on its way already: its acknowledgement sets the next time
  else
    local gap = tonumber(redis.call('HGET', K .. 'host:' .. v[2], 'gap') or '1')
    if redis.call('ZCARD', K .. 'frontier:' .. v[2]) >= (gap > 0 and most_with_gap or most) then
      redis.call('ZADD', set, text(now + pause), id)
    else
      create(id, 'fetch', v[2], v[1], v[3], v[4], now)
      redis.call('HSET', key, 'refetch', '1', 'since', v[5])
      for feed in each(v[3]) do  -- feeds may tell of it differently: that is no edit
        redis.call('HSET', key, 'told:' .. feed, redis.call('HGET', again, 'told:' .. feed) or v[4])
      end
      forget_refetch(id)
      recalled = recalled + 1
    end
  end
end
if recalled > 0 then count('refetched', recalled) end
return recalled
