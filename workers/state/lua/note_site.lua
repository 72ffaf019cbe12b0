-- site, figures, kept, sites, ttl → what was remembered before, and the warning ('': none).
-- Remembers an extraction; above `sites` those that were quiet longest are forgotten.
local site, figures, kept, cap, ttl = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local key = K .. 'site:' .. site
local before = {redis.call('LRANGE', key, 0, kept - 2), redis.call('HGET', K .. 'site_warnings', site) or ''}
redis.call('LPUSH', key, figures)
redis.call('LTRIM', key, 0, kept - 1)
redis.call('EXPIRE', key, ttl)
local now = now_ms()
redis.call('ZADD', K .. 'sites', text(now), site)
local quiet = redis.call('ZRANGEBYSCORE', K .. 'sites', '-inf', text(now - ttl * 1000))
local over = redis.call('ZCARD', K .. 'sites') - cap
for i = 1, over do quiet[#quiet + 1] = redis.call('ZRANGE', K .. 'sites', i - 1, i - 1)[1] end
for _, old in ipairs(quiet) do
  redis.call('DEL', K .. 'site:' .. old)
  redis.call('HDEL', K .. 'site_warnings', old)
  redis.call('ZREM', K .. 'sites', old)
end
return before
