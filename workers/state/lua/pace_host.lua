-- host, target, good ("1"|"0"), crawl_delay, most (all ms) → the gap its answers call for.
-- Scrapy's AutoThrottle: half-way to the target (answer time over connections), at once to a longer one, and never
-- shorter on a bad answer.
local host, target, good = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'
local key = K .. 'host:' .. host
local before = tonumber(redis.call('HGET', key, 'pace') or '0')
local pace = math.max(target, (before + target) / 2)
if not good then pace = math.max(pace, before) end
pace = math.min(math.floor(pace), tonumber(ARGV[5]))
redis.call('HSET', key, 'pace', text(pace), 'delay', ARGV[4])
redis.call('EXPIRE', key, 604800)
return pace
