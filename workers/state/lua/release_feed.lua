-- token, ids… → how many were given back, claimable at once (ours uncounted).
local token, given, now = ARGV[1], 0, now_ms()
for i = 2, #ARGV do
  local id = ARGV[i]
  local key = K .. 'feed:' .. id
  local v = redis.call('HMGET', key, 'stage', 'token', 'lease')
  if v[1] and v[2] == token then
    unlease(key)
    redis.call('HINCRBY', key, 'claims', -1)
  end
  if v[1] and (not v[2] or v[2] == token or tonumber(v[3]) <= now) then
    local set = v[1] == 'poll' and 'due' or 'parse'
    if redis.call('ZSCORE', K .. set, id) then
      redis.call('ZADD', K .. set, text(now), id)
      given = given + 1
    end
  end
end
return given
