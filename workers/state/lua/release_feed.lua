-- token, ids… → how many were given back, claimable at once (ours uncounted).
local token, given, now = ARGV[1], 0, now_ms()
for i = 2, #ARGV do
  local id = ARGV[i]
  local key = K .. 'feed:' .. id
  local v = redis.call('HMGET', key, 'stage', 'token', 'lease')
  if v[2] == token then
    unlease(key)
    if redis.call('HINCRBY', key, 'claims', -1) <= 0 then redis.call('HDEL', key, 'claims') end
  end
  if (not v[2] or v[2] == token or tonumber(v[3]) <= now) then
    local set = v[1] == 'parse' and 'parse' or 'due'
    if redis.call('ZSCORE', K .. set, id) then
      redis.call('ZADD', K .. set, text(now), id)
      given = given + 1
    end
  end
end
return given
