-- token, ids… → how many were given back. Claimed by us: uncounted; only handed out: claimable at once.
local token, given, now = ARGV[1], 0, now_ms()
for i = 2, #ARGV do
  local key = K .. 'entry:' .. ARGV[i]
  local v = redis.call('HMGET', key, 'stage', 'host', 'token', 'lease', 'wait')
  if v[1] and v[3] == token then
    unlease(key)
    redis.call('HINCRBY', key, 'claims', -1)
  end
  if v[1] and (not v[3] or v[3] == token or tonumber(v[4]) <= now) then
    if v[1] == 'fetch' then redis.call('ZREM', K .. 'busy:' .. v[2], ARGV[i]) end
    place(ARGV[i], v[1], v[2], math.max(now, tonumber(v[5] or '0')))
    given = given + 1
  end
end
return given
