-- delay, then id and until when it is ours, … → how many were given back, to be looked at after `delay` ms.
local delay, given, now = tonumber(ARGV[1]), 0, now_ms()
for i = 2, #ARGV, 2 do
  if tonumber(redis.call('ZSCORE', K .. 'news', ARGV[i]) or '-1') == tonumber(ARGV[i + 1]) then
    redis.call('ZADD', K .. 'news', text(now + delay), ARGV[i])
    redis.call('HDEL', K .. 'news_claims', ARGV[i])
    given = given + 1
  end
end
return given
